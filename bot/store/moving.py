"""Moving a shop from SQLite to PostgreSQL: all its rows under their own numbers, in one transaction, compared before it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, Table, exists, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SchemaMismatch, StoreError
from bot.store import schema
from bot.store.lock import ProcessLock
from bot.store.postgres import PostgresRunner
from bot.store.snapshot import Tell
from bot.store.tables import SHOP, ledger, metadata, refunds
from bot.store.types import Moment

Row = tuple[Any, ...]

_BATCH = 5_000
_MONEY = (
    (refunds.name, "SELECT currency, state, sum(amount) FROM refunds WHERE shop = {} GROUP BY 1, 2"),
    (ledger.name, "SELECT currency, event, sum(amount) FROM ledger WHERE shop = {} GROUP BY 1, 2"),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved."""

    rows: dict[str, int]
    """By table."""
    cleaned: int
    """Words that held NUL, which PostgreSQL takes nowhere, and are there without it."""


@dataclass(slots=True)
class Sum:
    """Of a table's rows, in whatever order they come."""

    rows: int = 0
    digest: int = 0

    def add(self, row: Row) -> None:
        """One more."""
        self.rows += 1
        hashed = blake2b(repr(row).encode(), digest_size=16).digest()
        self.digest = (self.digest + int.from_bytes(hashed)) % 2**128


async def move(source: str, target: str, shop: str, tell: Tell) -> Moved:
    """Move a shop's rows; the SQLite file stays as it is.

    StoreLocked while it is served, SchemaMismatch when either side is of another version, StoreError when a command writes to it
    meanwhile, PostgreSQL can't be used, has rows of this shop already, can't hold something, or holds something else
    afterwards: then nothing was moved.
    """
    path = _file(source)
    runner = PostgresRunner(target)
    try:
        with ProcessLock(Path(f"{path}.lock")), closing(_opened(path)) as here:
            await runner.reach()
            async with runner.begin() as connection:
                with _as_it_is(here, path):
                    return await _moved(here, connection, shop, tell)
    finally:
        await runner.close()


def _file(source: str) -> Path:
    path = Path(make_url(source).database or "")
    if not path.is_file():
        raise StoreError(f"{path} is not there; is storage.url right?")
    return path


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        stands = database.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except sqlite3.Error as error:
        database.close()
        raise StoreError(f"{path} can't be read as a shop's database: {error}") from None
    if stands != schema.HEAD:
        database.close()
        raise SchemaMismatch(
            f"{path} stands at schema {stands}, this version at {schema.HEAD}: bring it there with: shouhou status"
        )
    return database


@contextmanager
def _as_it_is(here: sqlite3.Connection, path: Path) -> Iterator[None]:
    """One view of the whole file, whoever writes; StoreError at the end when somebody did, who would be left behind."""
    before = _changes(here)
    here.execute("BEGIN")
    yield
    here.rollback()
    if _changes(here) != before:
        raise StoreError(
            f"{path} was written to meanwhile; nothing was moved. Wait until other commands have ended, and call this again"
        )


def _changes(here: sqlite3.Connection) -> int:
    """Another number whenever others have written."""
    return int(here.execute("PRAGMA data_version").fetchone()[0])


async def _moved(here: sqlite3.Connection, connection: AsyncConnection, shop: str, tell: Tell) -> Moved:
    await connection.run_sync(_prepare, shop)
    there = (await connection.get_raw_connection()).driver_connection
    move = _Move(here, there, shop, tell)
    await move.copy()
    await move.compare()
    await move.count_on()
    return Moved({name: found.rows for name, found in move.sums.items()}, move.cleaned)


def _prepare(connection: Connection, shop: str) -> None:
    """The tables as this version has them, and nothing of this shop in them; nobody else moves or migrates meanwhile."""
    schema.refuse_newer(schema.version(connection))
    if not schema.current(connection):
        schema.upgrade(connection, shop=shop)
    for table in metadata.sorted_tables:
        if connection.execute(select(exists().where(table.c[SHOP] == shop))).scalar():
            raise StoreError(
                f"the target has rows of the shop {shop!r} already (in {table.name}): name an empty database"
            )


class _Move:
    """One shop's way from an open database to another."""

    def __init__(self, here: sqlite3.Connection, there: Any, shop: str, tell: Tell) -> None:
        self._here, self._there, self._shop, self._tell = here, there, shop, tell
        self.sums: dict[str, Sum] = {}
        self.cleaned = 0

    async def copy(self) -> None:
        """Table by table, those that others refer to first."""
        for table in metadata.sorted_tables:
            whole = self._count(table)
            found = self.sums[table.name] = Sum()
            names = [column.name for column in table.c]
            for batch in self._batches(table):
                try:
                    await self._there.copy_records_to_table(table.name, records=batch, columns=names)
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OverflowError) as error:
                    raise StoreError(f"{_culprit(table, batch) or error}; nothing was moved") from None
                for row in batch:
                    found.add(row)
                self._tell(f"copying {table.name}", found.rows, whole)

    async def compare(self) -> None:
        """What stands there now with what was read here; money once more by currency, as each database sums it."""
        for table in metadata.sorted_tables:
            there, here = Sum(), self.sums[table.name]
            async for row in self._read_back(table):
                there.add(row)
                if not there.rows % _BATCH:
                    self._tell(f"comparing {table.name}", there.rows, here.rows)
            if there != here:
                raise StoreError(
                    f"{table.name} is not the same there ({here.rows} rows here, {there.rows} there); nothing was moved"
                )
        for name, query in _MONEY:
            ours = self._here.execute(query.format("?"), (self._shop,)).fetchall()
            theirs = await self._there.fetch(query.format("$1"), self._shop)
            if sorted(ours) != sorted((row[0], row[1], int(row[2])) for row in theirs):
                raise StoreError(f"{name} does not come to the same sums there; nothing was moved")

    async def count_on(self) -> None:
        """Numbers go on behind those that were given, whosever they are."""
        for table in metadata.sorted_tables:
            if "id" in table.c:
                name = f"pg_get_serial_sequence('{table.name}', 'id')"
                await self._there.execute(
                    f"SELECT setval({name}, max(id)) FROM {table.name} "  # noqa: S608 -- our own names
                    f"HAVING max(id) >= coalesce(pg_sequence_last_value({name}), 0)"
                )
        await self._there.execute("ANALYZE")

    def _count(self, table: Table) -> int:
        query = f'SELECT count(*) FROM "{table.name}" WHERE shop = ?'  # noqa: S608 -- our own names
        return int(self._here.execute(query, (self._shop,)).fetchone()[0])

    def _batches(self, table: Table) -> Iterator[list[Row]]:
        cursor = self._here.execute(_all_rows(table, "?"), (self._shop,))
        convert = [_way(column) for column in table.c]
        while rows := cursor.fetchmany(_BATCH):
            yield [
                tuple(
                    None if value is None else self._clean(way(value) if way else value)
                    for way, value in zip(convert, row, strict=True)
                )
                for row in rows
            ]

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            self.cleaned += 1
            return value.replace("\0", "")
        return value

    async def _read_back(self, table: Table) -> AsyncIterator[Row]:
        async for record in self._there.cursor(_all_rows(table, "$1"), self._shop, prefetch=_BATCH):
            yield tuple(record)


def _all_rows(table: Table, mark: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    return f'SELECT {names} FROM "{table.name}" WHERE shop = {mark}'  # noqa: S608 -- our own names


def _way(column: Column[Any]) -> Callable[[Any], Any] | None:
    """From how SQLite keeps a value to how PostgreSQL does; None where it is the same."""
    if isinstance(column.type, Moment):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC)
    return bool if isinstance(column.type, Boolean) else None


def _culprit(table: Table, batch: list[Row]) -> str:
    """What PostgreSQL does not hold, and SQLite did; empty when that is not it. Without what stands there."""
    for row in batch:
        named = dict(zip((column.name for column in table.c), row, strict=True))
        key = ", ".join(f"{column.name} {named[column.name]}" for column in table.primary_key)
        for column in table.c:
            value, longest = named[column.name], getattr(column.type, "length", None)
            if isinstance(value, str) and longest and len(value) > longest:
                return f"{table.name} ({key}): {column.name} has {len(value)} characters, {longest} at most go in"
            if _is_short(column) and isinstance(value, int) and not -(2**31) <= value < 2**31:
                return f"{table.name} ({key}): {column.name} is too large a number"
    return ""


def _is_short(column: Column[Any]) -> bool:
    """A number of 32 bits there."""
    return isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)
