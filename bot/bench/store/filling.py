"""Laying a month down many times, as fast as the database takes it in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Boolean, Connection, Table
from sqlalchemy.engine import make_url

from bot.bench.store.template import Copy, Days, Row, Template
from bot.store.database import sqlite_engine
from bot.store.hints import tell_sqlite
from bot.store.postgres import PostgresRunner
from bot.store.snapshot import Tell
from bot.store.tables import conversations, metadata, staff
from bot.store.types import Moment, dump

TABLES = metadata.sorted_tables
_DAYS = 730
_OPEN = 0.02
"""Share of the copies, the newest, whose cases are open: those of the last two weeks."""
_COUNT_ON = "SELECT setval({}, max(id)) FROM {} HAVING max(id) > 0"
_PRESENT = 40_000
"""Conversations in which something may be going on."""
_AT_ONCE = 10
"""Copies laid down together."""
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红建国子涵宇轩梓萱一诺浩然欣怡"
_NAMES = ((_SURNAMES, 1), (_GIVEN, len(_SURNAMES)), (_GIVEN, len(_SURNAMES) * len(_GIVEN)))
"""A name's characters, and after how many buyers each changes."""


@dataclass(frozen=True, slots=True)
class Size:
    """How far the shop has grown."""

    messages: int
    conversations: int


def copies(template: Template, before: int, size: Size, now: datetime) -> list[Copy]:
    """Those that are lacking, spread over the months, the newest last."""
    wanted = max(before + 1, size.messages // template.messages)
    played, fresh = len(template.conversations), wanted - before
    age = (now - template.last).days
    return [
        Copy(
            number,
            age - _DAYS + _DAYS * (number - before + 1) // fresh,
            number >= wanted - max(1, int(fresh * _OPEN)),
            tuple((number * played + each) % size.conversations + 1 for each in range(played)),
        )
        for number in range(before, wanted)
    ]


def talks(template: Template, first: int, last: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Conversations with these numbers; of the newest, one in a hundred is an agent's, or waits for one."""
    for number in range(first, last + 1):
        played = template.conversations[number % len(template.conversations)]
        name = "".join(part[number // every % len(part)] for part, every in _NAMES)
        held = {0: "queued", 100: "agent"}.get(number % 200, "") if number > last - _PRESENT else ""
        flag = {"reason": "buyer_asks", "last_words": ""} if held else None
        yield {
            **played,
            "id": number,
            "address": address_of(number),
            "name": name if number % 3 else "",
            "state": dump({**json.loads(played["state"]), "flag": flag}),
            "holder": held or "bot",
            "agent": "Mei" if held == "agent" else "",
            "flagged_at": f"{now - timedelta(minutes=number % 600):%Y-%m-%d %H:%M:%S.%f}" if held else None,
            "priority": "normal" if held else "",
            "staff_thread": number,
        }


def address_of(number: int) -> str:
    """Of the conversation with that number, in the web chat."""
    return f"buyer{number:09d}"


class Filler(Protocol):
    """A database that takes rows in by the million."""

    text: bool
    """It keeps moments as text."""

    async def lay_aside_indexes(self) -> None:
        """Those that only speed up questions: built again in one go they cost a tenth."""

    async def put(self, tables: Iterable[tuple[Table, Sequence[Row]]]) -> None:
        """All of these, or none."""

    async def finish(self) -> None:
        """Indexes, and what a database that has run for long knows of its tables."""

    async def sizes(self) -> dict[str, tuple[int, int]]:
        """Bytes of each table, and of its indexes."""


async def fill(filler: Filler, template: Template, done: int, before: int, size: Size, tell: Tell) -> int:
    """Let it grow to this size from so many copies and conversations; returns how many copies there are."""
    now = datetime.now(UTC)
    await filler.lay_aside_indexes()
    days = Days(text=filler.text)
    if not done:
        await filler.put([(staff, [_row(staff, each, filler.text) for each in template.staff])])
    people = [
        _row(conversations, each, filler.text)
        for each in talks(template, before + 1, size.conversations, now)
    ]
    await filler.put([(conversations, people)])
    wanted = copies(template, done, size, now)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        await filler.put(
            (table, [row for copy in some for row in template.rows(table, copy, days)])
            for table in TABLES
            if table.name in template.tables
        )
        tell("messages", (start + len(some)) * template.messages, len(wanted) * template.messages)
    await filler.finish()
    return done + len(wanted)


def _row(table: Table, values: dict[str, Any], text: bool) -> Row:
    return [
        values[column.name] if text or not isinstance(column.type, Moment) else _moment(values[column.name])
        for column in table.c
    ]


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None


def filler_of(url: str) -> Filler:
    """For the database at this address, which is migrated."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteFiller(make_url(url).database or "")
    return PostgresFiller(url)


def _native(table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    """With truth as PostgreSQL has it, which SQLite keeps as a number."""
    cells = [cell for cell, column in enumerate(table.c) if isinstance(column.type, Boolean)]
    for row in rows if cells else ():
        for cell in cells:
            row[cell] = None if row[cell] is None else bool(row[cell])
    return rows


def _begin(connection: Connection) -> None:
    """SQLAlchemy begins with the first statement."""
    connection.exec_driver_sql("SELECT 1")


class SqliteFiller:
    """No journal and no waiting for the disk: what is lost by a power cut is made again."""

    text = True

    def __init__(self, path: str) -> None:
        self._path = path
        self._aside: list[tuple[str, str]] = []

    async def lay_aside_indexes(self) -> None:
        """See `Filler`."""

        def work(database: sqlite3.Connection) -> None:
            self._aside = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'"
            ).fetchall()
            for name, _ in self._aside:
                database.execute(f"DROP INDEX {name}")

        self._run(work)

    async def put(self, tables: Iterable[tuple[Table, Sequence[Row]]]) -> None:
        """See `Filler`."""

        def work(database: sqlite3.Connection) -> None:
            for table, rows in tables:
                marks = ", ".join("?" * len(table.c))
                names = ", ".join(f'"{column.name}"' for column in table.c)
                database.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 -- our own names

        self._run(work)

    async def finish(self) -> None:
        """See `Filler`."""
        self._run(lambda database: [database.execute(made) for _, made in self._aside])
        engine = sqlite_engine(f"sqlite:///{self._path}", "BEGIN IMMEDIATE")
        with engine.begin() as connection:
            tell_sqlite(connection)  # an index that goes takes along what was told of it
        engine.dispose()

    async def sizes(self) -> dict[str, tuple[int, int]]:
        """See `Filler`."""
        query = (
            "SELECT m.tbl_name, sum((m.type = 'table') * s.pageno), sum((m.type = 'index') * s.pageno) "
            "FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY 1"
        )
        with closing(sqlite3.connect(self._path)) as database:
            page = database.execute("PRAGMA page_size").fetchone()[0]
            return {name: (own * page, indexes * page) for name, own, indexes in database.execute(query)}

    def _run(self, work: Callable[[sqlite3.Connection], object]) -> None:
        with closing(sqlite3.connect(self._path)) as database:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
                database.execute(f"PRAGMA {pragma}")
            work(database)
            database.commit()


class PostgresFiller:
    """By COPY; foreign keys are not looked at where the database lets us say so."""

    text = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._aside: list[tuple[str, str]] = []

    async def lay_aside_indexes(self) -> None:
        """See `Filler`."""

        async def work(there: Any) -> None:
            self._aside = await there.fetch(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX %'"
            )
            for name, _ in self._aside:
                await there.execute(f"DROP INDEX {name}")

        await self._run(work)

    async def put(self, tables: Iterable[tuple[Table, Sequence[Row]]]) -> None:
        """See `Filler`."""

        async def work(there: Any) -> None:
            if await there.fetchval("SELECT usesuper FROM pg_user WHERE usename = current_user"):
                await there.execute("SET LOCAL session_replication_role = replica")
            for table, rows in tables:
                names = [column.name for column in table.c]
                await there.copy_records_to_table(table.name, records=_native(table, rows), columns=names)

        await self._run(work)

    async def finish(self) -> None:
        """See `Filler`."""

        async def work(there: Any) -> None:
            await there.execute("SET LOCAL maintenance_work_mem = '1GB'")
            for _, made in self._aside:
                await there.execute(made)
            for table in TABLES:
                if "id" in table.c:
                    name = f"pg_get_serial_sequence('{table.name}', 'id')"
                    await there.execute(_COUNT_ON.format(name, table.name))

        await self._run(work)
        await self._run(lambda there: there.execute("VACUUM ANALYZE"), alone=True)

    async def sizes(self) -> dict[str, tuple[int, int]]:
        """See `Filler`."""
        found: dict[str, tuple[int, int]] = {}

        async def work(there: Any) -> None:
            for table in TABLES:
                row = await there.fetchrow(
                    "SELECT pg_table_size($1::regclass), pg_indexes_size($1::regclass)", table.name
                )
                found[table.name] = (row[0], row[1])

        await self._run(work)
        return found

    async def _run(self, work: Callable[[Any], Any], *, alone: bool = False) -> None:
        """`alone`: outside any transaction."""
        runner = PostgresRunner(self._url)
        try:
            async with runner.begin() as connection:
                there = (await connection.get_raw_connection()).driver_connection
                if not alone:
                    await connection.run_sync(_begin)
                await work(there)
        finally:
            await runner.close()
