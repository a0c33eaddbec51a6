"""The database, looked at without becoming one of those who serve it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.doctor.finding import Area, Finding
from bot.doctor.roles import check_roles
from bot.errors import StoreError
from bot.pipeline.looks import Depths
from bot.pipeline.roles import Role
from bot.store import schema
from bot.store.postgres import PostgresRunner
from bot.store.unit import SqlUnit

_AREA = Area("database")
_PATIENCE = 10.0
_SKEW = timedelta(seconds=2)
_OLDEST = 140_000
"""PostgreSQL 14, as the server numbers its versions."""
_WAITED = timedelta(minutes=1)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
Clock = Callable[[], datetime]


async def check_database(url: str, shop: str, clock: Clock, led: Mapping[Role, str]) -> list[Finding]:
    """Whether it can be reached and trusted, how its queues stand, and whether somebody leads in what `led` names by role."""
    if make_url(url).get_backend_name() == "sqlite":
        path = Path(make_url(url).database or "")
        return await asyncio.to_thread(lambda: [*_sqlite(path, shop, clock())])
    return await _postgres(url, shop, clock, led)


# -- SQLite


def _sqlite(path: Path, shop: str, now: datetime) -> Iterator[Finding]:
    if not path.is_file():
        yield _AREA.ok("file", f"{path} is not there yet: the first start makes it")
        return
    try:
        with closing(_opened(path)) as file:
            yield _whole(path, file)
            yield from _open_to_others(path)
            engine = create_engine("sqlite://", creator=lambda: file)
            with engine.connect() as connection:
                yield from _inside(connection, shop, now)
    except sqlite3.Error as error:
        damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
        yield _damaged(path, error) if damaged else _closed(path, error)


def _opened(path: Path) -> sqlite3.Connection:
    """For reading. While nobody has it open it is read as it lies there, so that not even a log is made beside it."""
    alone = not Path(f"{path}-wal").exists()
    address = f"file:{quote(str(path.resolve()))}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE, check_same_thread=False)


def _whole(path: Path, file: sqlite3.Connection) -> Finding:
    wrong = [row[0] for row in file.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if wrong:
        return _damaged(path, wrong[0])
    both = (path, Path(f"{path}-wal"))
    size = sum(one.stat().st_size for one in both if one.exists())
    return _AREA.ok("file", f"{path} is whole ({size / 2**20:,.1f} MB with its log)")


def _open_to_others(path: Path) -> Iterator[Finding]:
    """Where the folder lets nobody else in, it does not matter how the file stands in it."""
    closed = os.name != "posix" or not path.resolve().parent.stat().st_mode & 0o011
    if not closed and path.stat().st_mode & 0o044:
        yield _AREA.consider(
            "readers",
            f"other users of this machine can read {path}, and what buyers wrote with it",
            f"chmod 600 {path}*",
        )


def _closed(path: Path, why: object) -> Finding:
    return _AREA.wrong(
        "file",
        f"{path} can't be looked into: {why}",
        "run the doctor as the user the shop runs as, and see that no other program holds the file and its disk is there",
    )


def _damaged(path: Path, why: object) -> Finding:
    return _AREA.wrong(
        "file",
        f"{path} is damaged: {why}",
        "stop the shop, keep a copy of the file, and put the newest backup back with shouhou restore",
    )


# -- PostgreSQL


async def _postgres(url: str, shop: str, clock: Clock, led: Mapping[Role, str]) -> list[Finding]:
    runner = PostgresRunner(url)
    try:
        async with asyncio.timeout(_PATIENCE):
            await runner.reach()
            return await runner.look(
                lambda connection: [*_served(connection, shop, clock), *check_roles(connection, shop, led)]
            )
    except StoreError as error:
        told, _, mend = str(error).partition(". ")
        return [_AREA.wrong("server", told, mend)]
    except TimeoutError:
        return [
            _AREA.wrong(
                "server", f"no answer in {_PATIENCE:g} s", "look whether it runs, and how busy its machine is"
            )
        ]
    finally:
        await runner.close()


def _served(connection: Connection, shop: str, clock: Clock) -> Iterator[Finding]:
    connection.execute(text("SET TRANSACTION READ ONLY"))
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    name = connection.execute(text("SHOW server_version")).scalar_one()
    yield (
        _AREA.ok("server", f"PostgreSQL {name}")
        if number >= _OLDEST
        else _AREA.consider(
            "server", f"PostgreSQL {name} gets no more fixes", "move to a version that is maintained"
        )
    )
    if connection.execute(text("SHOW server_encoding")).scalar_one() != "UTF8":
        yield _AREA.wrong(
            "encoding", "the database does not keep UTF-8", "make it anew: createdb -E UTF8 -T template0 …"
        )
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
        yield _AREA.wrong(
            "role", "this server is a copy that can't be written", "name the primary in storage.url"
        )
    yield _skew(connection, clock)
    yield from _inside(connection, shop, clock())


def _skew(connection: Connection, clock: Clock) -> Finding:
    before = clock()
    there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = there - (before + (clock() - before) / 2)
    told = f"{abs(apart.total_seconds()):.1f} s apart from this machine's"
    if abs(apart) <= _SKEW:
        return _AREA.ok("clock", told)
    return _AREA.consider("clock", told, "keep both machines' time by NTP: timedatectl set-ntp true")


# -- either


def _inside(connection: Connection, shop: str, now: datetime) -> Iterator[Finding]:
    """What can't be read takes nothing with it of what is looked at besides."""
    try:
        with connection.begin_nested():
            yield from _tables(connection, shop, now)
    except DBAPIError as error:
        yield _AREA.wrong(
            "tables",
            f"can't be read: {error.orig}",
            "where they lack or are damaged, put the newest backup back; where it is forbidden, give the shop's user its rights",
        )


def _tables(connection: Connection, shop: str, now: datetime) -> Iterator[Finding]:
    stands = schema.version(connection)
    if stands == schema.HEAD:
        yield _AREA.ok("schema", f"{stands}, as this version needs it")
        yield from _queues(SqlUnit(connection, shop).depths(), now)
    elif stands is None:
        yield _AREA.ok("schema", "none yet: the first start makes it")
    elif stands > schema.HEAD:
        yield _AREA.wrong(
            "schema",
            f"{stands}: a newer version made it, this one knows {schema.HEAD}",
            "start that newer version",
        )
    else:
        yield _AREA.consider(
            "schema",
            f"{stands}: the next start brings it to {schema.HEAD}",
            "make a backup before, with shouhou backup",
        )


def _queues(depths: Depths, now: datetime) -> Iterator[Finding]:
    if depths.shunt.rows:
        yield _AREA.consider(
            "shunt shelf", f"{depths.shunt.rows} messages failed", "see why: shouhou shunt list"
        )
    for name, queue in (("inbox", depths.inbox), ("outbox", depths.outbox)):
        oldest = queue.oldest.astimezone(UTC) if queue.oldest else now
        if now - oldest > _WAITED:
            yield _AREA.consider(
                name,
                f"{queue.rows} wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC",
                "start the shop; where it is served, its log says what is wrong",
            )
        else:
            yield _AREA.ok(name, f"{queue.rows} wait")
