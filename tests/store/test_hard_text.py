"""Text that breaks databases: kept, or left out where no database could hold it, but never a reason to fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.conversation import Flag, FlagReason, Priority, Talk
from bot.domain.explanation import Explanation
from bot.domain.meaning import Candidate, Sureness
from bot.domain.messages import Speaker
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Draft, Outcome, Settled
from bot.pipeline.turns import Line, Outturn
from bot.store.database import SqlDatabase
from bot.store.types import storable
from tests.store.samples import NOW, claim, commits, message, order, outturn, receive, talk
from tests.stores import put, rows

EMOJI = "🧦👨‍👩‍👧‍👦🇨🇳"
QUOTES = """'"; DROP TABLE orders; -- %s :x {0} \\"""
HOSTILE = {
    "nul": "a\0b",
    "lone surrogate": "a\ud83db",
    "odd": f"{EMOJI} \u202egnp.exe\u202c {QUOTES} \r\n\u2028\x85\t",
    "megabyte": "退" * 350_000,
    "empty": "",
}


@pytest.fixture(params=list(HOSTILE), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]


async def test_what_came_in_is_kept_exactly_as_it_came(database: SqlDatabase, hostile: str) -> None:
    await receive(database, message(hostile, 1), message("next", 2))
    [ann] = await claim(database)
    assert [row.payload["text"] for row in ann.rows] == [hostile, "next"]


async def test_what_is_remembered_of_a_talk_is_kept_exactly(database: SqlDatabase, hostile: str) -> None:
    ann = await talk(database)
    mark = Flag(FlagReason.BUYER_ASKS, Priority.NORMAL, NOW, hostile)
    after = replace(ann, flag=mark, talk=Talk("request_refund", "1", {"reason": hostile}))
    await database.write_alone(commits(outturn(ann, after=after)))
    assert await database.read(lambda unit: unit.conversation(ann.id)) == after


async def test_the_transcript_and_the_outbox_keep_all_but_what_no_database_holds(
    database: SqlDatabase, hostile: str
) -> None:
    ann = await talk(database)
    guess = Candidate("x", 0.5, hostile, "message: sound")
    meaning = Explanation("en", Sureness.ASK, (guess,), {"reason": hostile})
    turn = Outturn(
        (),
        replace(ann, name=hostile, agent=hostile),
        ann,
        lines=(Line(Speaker.BOT, hostile, NOW, name=hostile, buttons=((hostile, "x"),), meaning=meaning),),
        drafts=(Draft("web", "ann", "1:0", hostile),),
    )
    await database.write_alone(commits(turn))
    [line] = await database.read(lambda unit: unit.transcript(ann.id))
    assert (line.text, line.name, line.buttons) == (storable(hostile), storable(hostile), ((hostile, "x"),))
    assert line.meaning == meaning
    [delivery] = await database.write_alone(lambda unit: unit.lease(NOW, ["web"], 1))
    assert delivery.text == hostile
    found = await database.read(lambda unit: unit.conversation(ann.id))
    assert found is not None
    assert found.name == storable(hostile)


async def test_an_error_that_quotes_hostile_text_can_be_written_down(
    database: SqlDatabase, hostile: str
) -> None:
    await receive(database, message("hi", 1), Arrival("web", "web:2", {"text": "stray"}))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.postpone(ann.rows, NOW, hostile))
    await database.write(lambda unit: unit.shunt(ann.rows, hostile))
    [shelved] = await database.read(lambda unit: unit.shunted())
    assert shelved.error == storable(hostile[:2000])

    await database.write_alone(commits(outturn(ann.conversation, said=("sorry",))))
    [delivery] = await database.write_alone(lambda unit: unit.lease(NOW, ["web"], 1))
    await database.write(lambda unit: unit.settle([Settled(delivery.id, Outcome.FAILED, error=hostile)], NOW))
    assert [row["state"] for row in await rows(database, "outbox")] == ["failed"]


async def test_an_order_with_hostile_names_is_kept(database: SqlDatabase, hostile: str) -> None:
    first = order("A1", 100)
    named = replace(first, buyer_name=hostile, lines=(replace(first.lines[0], title=hostile),))
    await database.write(lambda unit: unit.put_orders([named]))
    found = await database.read(lambda unit: unit.order("A1"))
    assert found == replace(named, buyer_name=storable(hostile))


def test_only_what_can_not_be_stored_is_left_out() -> None:
    assert storable("a\0b\ud83dc\udc00d") == "abcd"
    assert storable(HOSTILE["odd"]) == HOSTILE["odd"]


async def test_a_time_without_its_zone_is_refused(database: SqlDatabase) -> None:
    naive = datetime(2026, 11, 25)  # noqa: DTZ001 -- what is refused
    with pytest.raises(Exception, match="time zone"):
        await put(
            database, "conversations", channel="web", address="x", state={}, created_at=naive, updated_at=NOW
        )
