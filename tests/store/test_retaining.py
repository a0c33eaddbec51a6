"""What is over its time is found along the key, and goes; what is young, or still needed, stays."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.pipeline.keeping import Rule
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.persons import BOB, TELEGRAM, two_buyers, update
from tests.store.samples import NOW, talk
from tests.stores import put, rows

DAY = timedelta(days=1)
LATER = NOW + 30 * DAY
CARD = {"text": "card", "buttons": [], "attachments": [], "manner": {"slot": "card"}}


async def swept(database: SqlDatabase, rule: Rule, before: datetime, batch: int = 2) -> int:
    """Walk to the end in small steps; how many went."""
    count, after = 0, None
    while True:
        ask = partial(SqlUnit.over_page, rule=rule, before=before, after=after, limit=batch)
        page = await database.read(ask)
        count += await database.write_alone(partial(SqlUnit.let_go, rule=rule, keys=page.keys))
        if page.after is None:
            return count
        after = page.after


async def change(database: SqlDatabase, statement: str, **known: Any) -> None:
    """Past all ports."""
    await database.write_alone(lambda unit: unit._connection.execute(text(statement), known))


async def came(database: SqlDatabase, number: int, at: datetime, **more: Any) -> None:
    row = {"channel": "telegram", "origin": f"update:{number}", "payload": {"text": "你好"}, "state": "done"}
    await put(database, "inbox", received_at=at, due_at=at, **{**row, **more})


async def test_what_came_in_is_emptied_and_still_not_taken_twice(database: SqlDatabase) -> None:
    await two_buyers(database)
    await database.write_alone(lambda unit: unit.finish(unit.claim(NOW, 9, frozenset())[0].rows, NOW))
    assert await swept(database, Rule.RAW, NOW + DAY) == 2
    kept = {row["origin"]: row["payload"] for row in await rows(database, "inbox")}
    assert kept["update:1"] == kept["update:3"] == {}
    assert kept["update:2"] != {}, "it has not been handled yet"
    again = [update(1, TELEGRAM, "屏幕碎了"), update(2, BOB[2], BOB[3])]
    assert await database.write(lambda unit: unit.receive(again, NOW)) == ()
    assert await swept(database, Rule.RAW, NOW + DAY) == 0


async def test_marks_go_later_but_those_of_payments_stay(database: SqlDatabase) -> None:
    await came(database, 1, NOW)
    await came(database, 2, NOW, state="due")
    await came(database, 3, NOW, channel=PAYOUT)
    await came(database, 4, LATER)
    assert await swept(database, Rule.ORIGINS, LATER) == 1
    assert [row["origin"] for row in await rows(database, "inbox")] == ["update:2", "update:3", "update:4"]


async def test_what_was_sent_is_emptied_and_the_rest_of_the_desk_goes_on(database: SqlDatabase) -> None:
    here = (await talk(database)).id
    sent = {"conversation_id": here, "channel": "staff", "address": str(here), "due_at": NOW, "payload": CARD}
    await put(database, "outbox", key="1", state="sent", created_at=NOW, **sent)
    await put(database, "outbox", key="2", state="queued", created_at=NOW, **sent)
    await put(database, "outbox", key="3", state="sent", created_at=NOW, **{**sent, "channel": PAYOUT})
    assert await swept(database, Rule.SENT, LATER) == 1
    texts = [row["payload"]["text"] for row in await rows(database, "outbox")]
    assert texts == ["", "card", "card"]
    assert await database.read(lambda unit: unit.last_card(here)) is None
    assert await database.read(lambda unit: unit.spoken(here, 9)) == ()


async def test_lines_and_files_go_only_where_nothing_is_open(database: SqlDatabase) -> None:
    *_, bob = await two_buyers(database)
    await change(database, "UPDATE outbox SET state = 'sent'")
    for rule in (Rule.LINES, Rule.LETTERS, Rule.FILES):
        assert await swept(database, rule, LATER) > 0
    for table in ("lines", "files", "copies"):
        assert {row["conversation_id"] for row in await rows(database, table)} <= {bob}
    assert {row["conversation_id"] for row in await rows(database, "lines")} == {bob}, "his case is open"


async def test_lines_of_who_an_agent_attends_or_is_owed_money_stay(database: SqlDatabase) -> None:
    *_, bob = await two_buyers(database, ended=False)
    await change(database, "UPDATE cases SET state = 'SUCCESS'")
    await change(database, "UPDATE conversations SET holder = 'agent' WHERE id = :bob", bob=bob)
    before = len(await rows(database, "lines"))
    assert await swept(database, Rule.LINES, LATER) == 1, (
        "of the web chat alone: no case of hers was opened there"
    )
    assert len(await rows(database, "lines")) == before - 1


async def test_the_shelf_is_dropped_and_the_same_is_not_taken_again(database: SqlDatabase) -> None:
    await came(database, 1, NOW, state="shunted", error="ValueError: 你好")
    [key] = (await database.read(lambda unit: unit.over_page(Rule.SHUNTED, LATER, None, 9))).keys
    await database.write(lambda unit: unit.unshunt(int(key), NOW))
    assert await database.write_alone(lambda unit: unit.let_go(Rule.SHUNTED, [key])) == 0, (
        "it was put back meanwhile"
    )
    await change(database, "UPDATE inbox SET state = 'shunted'")
    assert await swept(database, Rule.SHUNTED, LATER) == 1
    [row] = await rows(database, "inbox")
    assert (row["state"], row["payload"], row["error"]) == ("done", {}, "dropped")


async def test_clocks_sign_ins_and_deeds_go_when_they_are_over(database: SqlDatabase) -> None:
    here = (await talk(database)).id
    clock = {"version": 1, "kind": "seller_timeout", "conversation_id": here}
    for number, (state, due) in enumerate((("fired", NOW), ("waiting", NOW), ("dropped", LATER))):
        await put(database, "deadlines", key=f"R{number}:1:x", state=state, due_at=due, **clock)
    await put(database, "staff", login="mia", name="Mia", role="agent", created_at=NOW)
    signed_in = {"staff_id": 1, "how": "password", "opened_at": NOW, "seen_at": NOW}
    await put(database, "sessions", token="a", until=NOW + DAY, **signed_in)
    await put(database, "sessions", token="b", until=LATER + DAY, **signed_in)
    did = {"account": "staff:1", "name": "Mia", "act": "read", "outcome": "done", "before": {}, "after": {}}
    for at in (NOW, NOW + DAY, LATER):
        await put(database, "audit", at=at, **did)
    assert await swept(database, Rule.DEADLINES, LATER) == 1
    assert await swept(database, Rule.SESSIONS, LATER) == 1
    assert await swept(database, Rule.AUDIT, LATER, batch=1) == 2
    assert [row["state"] for row in await rows(database, "deadlines")] == ["waiting", "dropped"]
    assert [row["token"] for row in await rows(database, "sessions")] == ["b"]
    assert [row["at"] for row in await rows(database, "audit")] == [LATER]


async def test_what_would_go_is_counted(database: SqlDatabase) -> None:
    await came(database, 1, NOW)
    await came(database, 2, NOW + DAY)
    await came(database, 3, LATER)
    over = await database.read(lambda unit: unit.over(Rule.RAW, LATER))
    assert (over.rows, over.oldest) == (2, NOW)
    assert (await database.read(lambda unit: unit.over(Rule.RAW, NOW))).oldest is None


@pytest.mark.parametrize("rule", list(Rule))
async def test_pages_are_read_along_the_key_and_rows_removed_by_it(database: SqlDatabase, rule: Rule) -> None:
    """Nobody who writes waits for a walk through a whole table."""
    asked: list[tuple[str, Any]] = []

    def plans(unit: SqlUnit) -> list[str]:
        connection = unit._connection
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # of no rows it would rather read all
        event.listen(
            connection, "before_cursor_execute", lambda _, __, what, given, *___: asked.append((what, given))
        )
        key = 1 if rule is not Rule.DEADLINES else "k"
        unit.over_page(rule, NOW, key, 9)
        unit.let_go(rule, [key])
        told = asked.copy()
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        return [str(connection.exec_driver_sql(explain + what, given).all()) for what, given in told]

    for plan in await database.write_alone(plans):
        assert "Seq Scan" not in plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan
        assert not re.search(r"'SCAN (?!\w+ USING)", plan), plan
