"""A large backlog: what is taken from it is found without looking through all of it, and nothing in it is forgotten."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert

from bot.domain.decision import TakeBack
from bot.pipeline.keeping import Rule
from bot.store import tables
from bot.store.database import DEFAULT_SHOP, SqlDatabase
from bot.store.outbox import WINDOW
from bot.store.unit import SqlUnit
from tests.store.samples import HOUR, NOBODY, NOW, claim, commits, message, outturn, receive, talk


async def test_who_floods_the_inbox_and_has_to_wait_holds_up_nobody_else(database: SqlDatabase) -> None:
    await receive(database, *(message("hm", number, "ann") for number in range(WINDOW + 1)))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.postpone(ann.rows[:1], NOW + HOUR, "away"))
    assert await claim(database) == []
    await receive(database, message("hi", "bob", "bob"))
    [bob] = await claim(database)
    assert bob.conversation.address == "bob"
    assert len(await claim(database, at=NOW + HOUR)) == 2


async def test_a_reader_whose_many_messages_wait_holds_up_nobody_else(database: SqlDatabase) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    flood = [outturn(ann, said=("x",), key=f"ann{number}") for number in range(WINDOW + 1)]
    await database.write_alone(commits(*flood))

    def lease(unit: SqlUnit) -> list[str]:
        return [one.address for one in unit.lease(NOW, ["web"], 10)]

    assert await database.write_alone(lease) == ["ann"]
    assert await database.write_alone(lease) == []
    await database.write_alone(commits(outturn(bob, said=("hi",), key="bob")))
    assert await database.write_alone(lease) == ["bob"]


async def test_a_list_is_full_though_little_was_said_lately_and_has_what_was(database: SqlDatabase) -> None:
    for number in range(4):
        someone = await talk(database, f"buyer{number}")
        await database.write_alone(commits(outturn(someone, said=("hello",), key=f"k{number}")))
    first = (await talk(database, "buyer0")).id
    batch = {"shop": DEFAULT_SHOP, "conversation_id": first, "who": "buyer", "text": "and?", "at": NOW + HOUR}
    line = {**batch, "attachments": [], "buttons": []}
    await database.write_alone(lambda unit: unit._connection.execute(insert(tables.lines), [line] * 2_001))
    listed = await database.read(lambda unit: unit.waiting(3))
    assert len(listed) == 3
    assert listed[0].conversation.address == "buyer0"


def plans(
    connection: Connection, ask: Callable[[], object], explain: str = "EXPLAIN QUERY PLAN "
) -> list[str]:
    """How the database answers what is asked; SQLite, unless told."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    found = []
    for statement, values in asked:
        if statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            one = values[0] if isinstance(values, list) else values
            found += [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, one)]
    return found


async def test_sqlite_finds_what_it_is_asked_by_more_than_the_shop(
    sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "shop.db")
    every = re.compile(
        r"(SEARCH|SCAN) (lines|said|outbox|inbox|orders|order_links|parcels|cases|refunds|ledger|conversations|named|deadlines|audit|files)"
        r"( USING (COVERING )?INDEX (?!ix_\w+_(due|going|open|owed|waiting|uncertain|named)\b)\S+ \(shop=\?\))?$"
    )
    async with SqlDatabase(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        ann = await talk(database)
        await receive(database, message("hi", 1))
        await database.write_alone(commits(outturn(ann, said=("hello",))))

        def ask(unit: SqlUnit) -> list[str]:
            def everything() -> None:
                unit.claim(NOW, 10, NOBODY)
                unit.lease(NOW, ["web"], 10)
                unit.fire(NOW)
                unit.known([ann.id])
                unit.transcript(ann.id)
                unit.past(ann.id, ("A1",), ("R1",))
                unit.search("13800001234")
                unit.all_cases(ended=False)
                unit.refunds(order="A1")
                unit.commit([outturn(ann, TakeBack("k:0"))], NOW)
                unit.release_leases(NOW, everyone=True)
                unit.over_page(Rule.LINES, NOW, 0, 10)
                [buyer] = unit.buyers(f"conversation:{ann.id}")
                unit.under_way(buyer)
                unit.erase_buyer(buyer, NOW)

            return plans(unit._connection, everything)

        found = await database.write_alone(ask)
    assert len(found) > 40
    the_last_line = "SEARCH lines"  # its number, from the end of the table
    assert [plan for plan in found if every.match(plan)] == [the_last_line]


async def test_postgresql_looks_up_each_reply_that_may_go_though_none_waited_when_it_counted(
    postgres_address: str,
) -> None:
    """Statistics of a quiet hour, and then many replies: all of them are not gone through for each."""
    async with SqlDatabase(postgres_address) as database:
        ann = await talk(database)
        await database.write_alone(lambda unit: unit._connection.exec_driver_sql("ANALYZE"))
        await database.write_alone(commits(outturn(ann, said=("hello",))))

        def ask(unit: SqlUnit) -> list[str]:
            return plans(unit._connection, lambda: unit.lease(NOW, ["web"], 10), "EXPLAIN ")

        found = "\n".join(await database.write_alone(ask))
    assert "(id = ANY ('{" in found, f"no reply was looked up by its number:\n{found}"
    assert not re.search(r"Join Filter: .*outbox\.id", found), found


def test_what_sqlite_is_told_is_there_after_a_migration(sqlite_template: Path) -> None:
    database = sqlite3.connect(sqlite_template)
    told = dict(database.execute("SELECT idx, stat FROM sqlite_stat1"))
    database.close()
    assert told["ix_lines_shop_conversation_id_id"] == "1000000 1000000 100 1"
    assert told["ix_outbox_going"].startswith("1000 ")
