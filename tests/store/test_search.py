"""What agents search by, and what an index finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.conversation import Conversation
from bot.domain.decision import KeepScore
from bot.domain.feedback import Score
from bot.domain.messages import Speaker
from bot.pipeline.looks import Kind
from bot.pipeline.turns import Line, Outturn
from bot.store import search
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import HOUR, NOW, commits, opened, order, outturn, shop_with, talk


async def say(database: SqlDatabase, conversation: Conversation, *said: tuple[Speaker, str]) -> None:
    lines = tuple(Line(who, words, NOW) for who, words in said)
    await database.write_alone(commits(Outturn((), conversation, conversation, lines=lines)))


async def found(database: SqlDatabase, words: str) -> list[tuple[int, Kind, str]]:
    hits = await database.read(lambda unit: unit.search(words))
    return [(hit.conversation_id, hit.kind, hit.text) for hit in hits]


async def test_a_conversation_is_found_by_all_that_is_known_of_it(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A2026-77", phone="13800001234"))
    bob = await shop_with(database, order("B5", phone="13900009999"), address="bob")
    named = replace(ann, name="林小满")
    case = opened(ann.id, "R123", "A2026-77")
    await database.write_alone(commits(outturn(ann, case, after=named)))
    await say(
        database,
        bob,
        (Speaker.BUYER, "门铃怎么装不上，送来的螺丝少两颗，麻烦您看看什么时候能补寄过来好吗"),
    )
    await say(database, bob, (Speaker.SYSTEM, "card: 门铃"), (Speaker.NOTE, "Doorbell is sold out"))
    for words, kind, shown in (
        ("r12", Kind.CASE, "R123"),
        ("a2026", Kind.ORDER, "A2026-77"),
        ("1234", Kind.PHONE, "A2026-77"),
        ("138-0000-1234", Kind.PHONE, "A2026-77"),
        (" 小满 ", Kind.BUYER, "林小满"),
    ):
        assert await found(database, words) == [(ann.id, kind, shown)], words
    [(number, kind, shown)] = await found(database, "螺丝")
    assert (number, kind) == (bob.id, Kind.MESSAGE)
    assert "螺丝少两颗" in shown
    assert await found(database, "doorBELL") == [(bob.id, Kind.MESSAGE, "Doorbell is sold out")]
    for words in ("", "  ", "nobody", "%", "_", "5", "9998", "'; DROP TABLE lines; --", "\\"):
        assert await found(database, words) == [], words


async def test_only_the_newest_lines_are_looked_through(
    database: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await talk(database)
    await say(database, ann, *((Speaker.BUYER, f"line {n}") for n in range(5)))
    monkeypatch.setattr(search, "LINES_BACK", 2)
    assert await found(database, "line 1") == []
    assert await found(database, "line 4") == [(ann.id, Kind.MESSAGE, "line 4")]


async def test_the_words_are_shown_with_what_stands_around_them(database: SqlDatabase) -> None:
    ann = await talk(database)
    await say(database, ann, (Speaker.BOT, f"{'a' * 90} <b>here</b>\n{'z' * 90}"))
    [(_, _, shown)] = await found(database, "here")
    assert shown == f"…{'a' * 39} here {'z' * 39}…"


async def test_an_index_finds_numbers_and_phone_ends(database: SqlDatabase) -> None:
    """The tables are small here, so the planner is asked what it would do if reading them through were dear."""
    queries = {
        "ix_orders_shop_lower_number": "SELECT number FROM orders WHERE shop = 'main' AND lower(number) BETWEEN 'a2' AND 'a3'",
        "ix_orders_shop_phone_end": (
            "SELECT number FROM orders WHERE shop = 'main' AND substr(phone, length(phone) - 3) = '1234'"
        ),
        "ix_order_links_shop_order_number": "SELECT how FROM order_links WHERE shop = 'main' AND order_number = 'A1'",
    }

    def plans(unit: SqlUnit) -> dict[str, str]:
        connection = unit._connection
        many = connection.dialect.name == "postgresql"
        if many:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN" if many else "EXPLAIN QUERY PLAN"
        told = {name: connection.execute(text(f"{explain} {query}")).all() for name, query in queries.items()}
        return {name: str(rows) for name, rows in told.items()}

    for name, plan in (await database.read(plans)).items():
        assert name in plan


async def test_a_buyers_other_conversations_and_scores(database: SqlDatabase) -> None:
    one, two = order("A1"), order("A2", placed=NOW - HOUR)
    ann = await shop_with(database, one, two)
    again = await shop_with(database, two, address="telephone")
    stranger = await shop_with(database, order("B1"), address="bob")
    for conversation in (again, stranger):
        await say(database, conversation, (Speaker.BUYER, "hello again"), (Speaker.SYSTEM, "card"))
    await database.write_alone(commits(outturn(ann, opened(ann.id), KeepScore(Score("R1", 4, "", NOW)))))
    past = await database.read(lambda unit: unit.past(ann.id, ("A1", "A2"), ("R1", "R2")))
    assert [(other.conversation.id, other.last_line) for other in past.others] == [(again.id, "hello again")]
    assert past.scores == {"R1": 4}
    nothing = await database.read(lambda unit: unit.past(ann.id, (), ()))
    assert (nothing.others, nothing.scores) == ((), {})
