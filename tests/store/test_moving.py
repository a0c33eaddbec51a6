"""From SQLite to PostgreSQL: every row under its own number, or nothing at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, insert, inspect

from bot.errors import SchemaMismatch, StoreAway, StoreError, StoreLocked
from bot.store import tables
from bot.store.database import DEFAULT_SHOP, SqlDatabase
from bot.store.lock import ProcessLock
from bot.store.moving import Moved, move
from bot.store.types import Json, Moment
from tests.store.samples import NOW, message, receive, talk
from tests.store.test_hard_text import EMOJI, QUOTES
from tests.stores import everything, put, rows, run_sql

LARGE = 2**63 - 1
TEXTS = ("", f"{EMOJI}{QUOTES}", "\\N\t\\.\r\n\u2028\u202e", "NULL", "退" * 2_000)
PAYLOADS: tuple[Any, ...] = (
    {},
    {"text": f"a\0b\ud83d{EMOJI}", "n": 10**30},
    [1.5, None, "\\"],
    "",
    {"€": {}},
)
MOMENTS = (
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 25, 6, 30, tzinfo=UTC),
    datetime(2026, 11, 25, 6, 30, 0, 1, tzinfo=UTC),
    NOW,
)
ROWS = 5


def quiet(*_: object) -> None:
    """Nobody watches."""


def hard(table: Table, number: int, known: dict[str, list[dict[str, Any]]], shop: str) -> dict[str, Any]:
    """A row with a bit of everything in it; row 0 has nothing where nothing may be."""
    refers = {
        (key.parent.name): (key.column.table.name, key.column.name)
        for key in table.foreign_keys
        if key.parent.name != "shop"
    }
    row: dict[str, Any] = {"shop": shop}
    for column in table.c:
        if column.name in refers:
            there, name = refers[column.name]
            row[column.name] = known[there][number][name]
        elif column.name != "shop":
            row[column.name] = None if column.nullable and not number else value(column, number)
    return row


def value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if column.name == "id":
        return (3, 1, 2**31, 2**40, 7)[number]
    if isinstance(kind, Moment):
        return MOMENTS[number]
    if isinstance(kind, Json):
        return PAYLOADS[number]
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, BigInteger):
        return (0, LARGE, -LARGE, 42, 1)[number]
    if isinstance(kind, Integer):
        return (0, 2**31 - 1, -(2**31), 42, 1)[number]
    longest = getattr(kind, "length", None)
    return f"{number}{TEXTS[number]}"[:longest]


async def filled(database: SqlDatabase) -> None:
    """Hard rows in every table."""

    def fill(unit: Any) -> None:
        known: dict[str, list[dict[str, Any]]] = {}
        for table in tables.metadata.sorted_tables:
            known[table.name] = [hard(table, number, known, database.shop) for number in range(ROWS)]
            unit._connection.execute(insert(table), known[table.name])

    await database.write_alone(fill)


@pytest.fixture
def source(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


async def moving(
    source: str, target: str, tell: Callable[[str, int, int], None] = quiet, shop: str = DEFAULT_SHOP
) -> Moved:
    return await move(source, target, shop, tell)


async def has_tables(address: str) -> bool:
    async with SqlDatabase(address) as database:
        return await database.read(lambda unit: inspect(unit._connection).has_table("conversations"))


async def test_every_row_of_every_table_is_there_unchanged_and_numbers_go_on(
    source: str, tmp_path: Path, postgres_bare_address: str
) -> None:
    async with SqlDatabase(source) as database:
        await filled(database)
        kept = await everything(database)
    before = (tmp_path / "shop.db").read_bytes()
    moved = await moving(source, postgres_bare_address)
    assert set(moved.rows.values()) == {ROWS}
    async with SqlDatabase(postgres_bare_address) as there:
        found = await everything(there)
        assert {name: in_order(each) for name, each in found.items()} == {
            name: in_order(each) for name, each in kept.items()
        }
        assert (await talk(there, "new")).id == 2**40 + 1
    assert (tmp_path / "shop.db").read_bytes() == before


def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Databases sort text differently."""
    return sorted(found, key=repr)


async def test_what_no_postgresql_holds_is_left_out_and_counted(
    source: str, postgres_bare_address: str
) -> None:
    async with SqlDatabase(source) as database:
        await receive(database, message("hi", "a\0b"))
    moved = await moving(source, postgres_bare_address)
    assert moved.cleaned == 1
    async with SqlDatabase(postgres_bare_address) as there:
        [row] = await rows(there, "inbox")
    assert row["origin"] == "web:ab"


async def test_what_is_too_long_there_is_named_without_what_it_says(
    source: str, postgres_bare_address: str
) -> None:
    async with SqlDatabase(source) as database:
        await receive(database, message("hi", "x" * 200))
    with pytest.raises(
        StoreError, match=r"inbox \(shop main, id 1\): origin has 204 characters, 120 at most"
    ) as told:
        await moving(source, postgres_bare_address)
    assert "xxx" not in str(told.value)
    assert not await has_tables(postgres_bare_address)


@pytest.mark.parametrize("moment", ["copying lines", "comparing lines"])
async def test_one_that_is_interrupted_leaves_the_target_empty_and_can_be_done_again(
    source: str, postgres_bare_address: str, moment: str
) -> None:
    async with SqlDatabase(source) as database:
        ann = await talk(database)
        batch = [{"shop": "main", "conversation_id": ann.id, "at": NOW, "who": "bot", "text": "x"}] * 5_001
        line: dict[str, Any] = {"attachments": [], "buttons": []}
        await database.write_alone(
            lambda unit: unit._connection.execute(insert(tables.lines), [{**row, **line} for row in batch])
        )

    def interrupt(what: str, *_: int) -> None:
        if what == moment:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await moving(source, postgres_bare_address, interrupt)
    assert not await has_tables(postgres_bare_address)
    assert (await moving(source, postgres_bare_address)).rows["lines"] == 5_001


async def test_what_a_command_writes_meanwhile_is_not_left_behind(
    source: str, postgres_bare_address: str
) -> None:
    async with SqlDatabase(source) as database:
        await talk(database, "first")

    def import_(what: str, *_: int) -> None:
        if what == "copying conversations":
            with closing(sqlite3.connect(source.removeprefix("sqlite:///"))) as beside:
                beside.execute(
                    "INSERT INTO conversations (shop, channel, address, name, state, created_at, updated_at) "
                    "SELECT shop, channel, 'second', name, state, created_at, updated_at FROM conversations"
                )
                beside.commit()

    with pytest.raises(StoreError, match="was written to meanwhile; nothing was moved"):
        await moving(source, postgres_bare_address, import_)
    assert not await has_tables(postgres_bare_address)
    assert (await moving(source, postgres_bare_address)).rows["conversations"] == 2


async def test_rows_that_are_not_the_same_there_undo_it_all(source: str, postgres_address: str) -> None:
    async with SqlDatabase(source) as database:
        await filled(database)
    for statement in (
        "CREATE FUNCTION slip() RETURNS trigger AS $$ BEGIN NEW.text := NEW.text || ' '; RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER slips BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION slip()",
    ):
        await run_sql(postgres_address, statement)
    with pytest.raises(StoreError, match=r"lines is not the same there \(5 rows here, 5 there\)"):
        await moving(source, postgres_address)
    async with SqlDatabase(postgres_address) as there:
        assert not any((await everything(there)).values())


async def test_a_shop_that_is_served_or_is_there_already_is_refused(
    source: str, tmp_path: Path, postgres_address: str
) -> None:
    with ProcessLock(tmp_path / "shop.db.lock"), pytest.raises(StoreLocked):
        await moving(source, postgres_address)
    async with SqlDatabase(postgres_address) as there:
        await put(there, "orders", number="A1", currency="CNY", placed_at=NOW, lines=[])
        before = await everything(there)
    with pytest.raises(StoreError, match=r"has rows of the shop 'main' already \(in orders\)"):
        await moving(source, postgres_address)
    async with SqlDatabase(postgres_address) as there:
        assert await everything(there) == before


async def test_of_several_shops_each_goes_by_itself_and_they_meet_again(
    source: str, postgres_address: str
) -> None:
    async with SqlDatabase(source, shop="tea") as tea:
        await talk(tea, "tea's")
        await talk(tea.beside("cups"), "cups'")
        await talk(tea, "tea's second")
    for shop, count in (("cups", 1), ("tea", 2)):
        assert (await moving(source, postgres_address, shop=shop)).rows["conversations"] == count
    async with SqlDatabase(postgres_address, shop="tea") as there:
        found = await rows(there, "conversations")
        assert sorted((row["shop"], row["id"], row["address"]) for row in found) == [
            ("cups", 2, "cups'"),
            ("tea", 1, "tea's"),
            ("tea", 3, "tea's second"),
        ]
        assert (await talk(there, "new")).id == 4


async def test_one_side_of_another_version_is_refused(source: str, postgres_address: str) -> None:
    await run_sql(postgres_address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="made by a newer Shouhou"):
        await moving(source, postgres_address)
    await run_sql(postgres_address, "DELETE FROM alembic_version")
    await run_sql(source, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(SchemaMismatch, match="bring it there with: shouhou status"):
        await moving(source, postgres_address)


async def test_a_postgresql_that_is_not_there_is_told(source: str) -> None:
    with pytest.raises(StoreAway, match="can't be reached"):
        await moving(source, "postgresql+asyncpg://me@127.0.0.1:1/none")
