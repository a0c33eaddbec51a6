"""Running jobs in transactions, on SQLite by a writer thread, on PostgreSQL by asyncpg."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.pipeline.metrics import COMMIT_SECONDS
from bot.pipeline.tidings import Tidings
from bot.store import schema
from bot.store.lock import ProcessLock
from bot.store.outage import Outage
from bot.store.sqlite_file import SqliteFile
from bot.store.telling import announce, channel_of
from bot.store.unit import SqlUnit
from bot.store.writer import TRIES, Runner, Writer, stood_in_the_way

T = TypeVar("T")
DEFAULT_SHOP = "main"
"""The shop of a database that serves one."""
SYNCHRONOUS = "FULL"
"""When SQLite takes a commit for done: once it is on the disk. Tests, which fear no power cut, are spared the wait."""


class SqlDatabase:
    """The pipeline's port `Database`, of one shop. Enter it to start its writer.

    While the database does not answer whatever is asked of it raises StoreAway, and the log is told here: once, for all who ask.
    """

    def __init__(
        self, url: str, *, shop: str = DEFAULT_SHOP, exclusive: bool = True, durable: bool = True
    ) -> None:
        """`durable` False: SQLite need not wait for the disk, for what nobody would miss after a power cut."""
        self.shop = shop
        self._writer = Writer(open_runner(url, exclusive=exclusive, durable=durable))
        self._outage = Outage("database")

    def beside(self, shop: str) -> SqlDatabase:
        """The same database, of another shop, open as long as this one is."""
        other = copy(self)
        other.shop = shop
        return other

    async def __aenter__(self) -> Self:
        self._writer.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._writer.stop()

    async def write(self, job: Callable[[SqlUnit], T]) -> T:
        """Run the job and commit; jobs that wait at the same time share one commit, each in its own savepoint."""
        with self._outage.watched():
            return await self._writer.write(self._ours(job))

    async def write_alone(self, job: Callable[[SqlUnit], T]) -> T:
        """Run the job in a transaction of its own."""
        with self._outage.watched():
            return await self._writer.runner.run(self._ours(job))

    async def read(self, job: Callable[[SqlUnit], T]) -> T:
        """Run a job that only reads."""
        with self._outage.watched():
            return await self._writer.runner.look(self._ours(job))

    async def migrate(self) -> bool:
        """Bring the tables to what this version needs; False when they were already. What an older version kept there, which
        knew of one shop only, becomes this shop's."""
        runner = self._writer.runner
        await runner.reach()
        if await runner.look(schema.current):
            return False
        for tries in count(1):
            try:
                await runner.run(lambda connection: schema.upgrade(connection, shop=self.shop))
                break
            except DBAPIError as error:  # an older process had one of two tables, and wanted the other
                if tries == TRIES or not stood_in_the_way(error):
                    raise
        return True

    @property
    def shared(self) -> bool:
        """True where several processes may serve."""
        return self._writer.runner.member is not None

    @property
    def number(self) -> int | None:
        """Under which this process may hold rows; None while it must not, because others could not see that it lives."""
        return member.number if (member := self._writer.runner.member) else 0

    @contextlib.asynccontextmanager
    async def taking_part(self, ear: Callable[[Tidings], None]) -> AsyncIterator[None]:
        """This process serves the shop beside others, as long as this is open; the ear is called with what they tell."""
        member = self._writer.runner.member
        if member is None:
            yield
            return
        channel = channel_of(self.shop)
        member.hear(channel, ear)
        try:
            async with member:
                yield
        finally:
            member.deafen(channel)

    async def leading(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work while this process is the one of the shop that does it, until it is done or cancelled. Whoever can't
        tell any more whether it still is stops at once."""
        member = self._writer.runner.member
        await (member.leading(f"{self.shop}/{what}", work) if member else work())

    async def announce(self, tidings: Tidings) -> None:
        """Tell the other processes what is written down nowhere."""
        with self._outage.watched():
            await self._writer.write(lambda connection: announce(connection, self.shop, tidings))

    def _ours(self, job: Callable[[SqlUnit], T]) -> Callable[[Connection], T]:
        return lambda connection: job(SqlUnit(connection, self.shop))


class SqliteRunner:
    """One connection that writes, on its own thread; others that read, on another."""

    member = None

    def __init__(self, url: str, *, exclusive: bool, durable: bool) -> None:
        self._path = path = make_url(url).database or ""
        self._lock = ProcessLock(Path(f"{path}.lock")) if exclusive else contextlib.nullcontext()
        try:
            self._file = SqliteFile(path)
            self._lock.__enter__()
        except OSError as error:
            raise StoreError(
                f"{path} can't be made or opened: {error.strerror}. Let the bot's user write there, or name another file in "
                "storage.url"
            ) from None
        self._writing: Engine = sqlite_engine(url, "BEGIN IMMEDIATE", durable=durable)
        self._reading: Engine = sqlite_engine(url, "BEGIN")
        self._write = ThreadPoolExecutor(1, "sqlite-write")
        self._read = ThreadPoolExecutor(1, "sqlite-read")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run it on the writer thread and commit."""
        return await asyncio.get_running_loop().run_in_executor(self._write, self._commit, work)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run it on the reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._read, self._begin, work)

    async def reach(self) -> None:
        """Look into the file."""
        try:
            await self.look(lambda connection: connection.exec_driver_sql("SELECT 1 FROM sqlite_master"))
        except DBAPIError as error:
            raise StoreError(
                f"{self._path} can't be used as a database: {error.orig}. Put it back from a backup, or name another file in "
                "storage.url"
            ) from None

    async def close(self) -> None:
        """Wait for the threads, close the file, let go of the lock."""
        self._write.shutdown()
        self._read.shutdown()
        self._writing.dispose()
        self._reading.dispose()
        self._lock.__exit__(None, None, None)

    def _begin(self, work: Callable[[Connection], T]) -> T:
        self._file.look()
        with self._reading.begin() as connection:
            return work(connection)

    def _commit(self, work: Callable[[Connection], T]) -> T:
        self._file.look()
        with self._writing.begin() as connection:
            found = work(connection)
            began = perf_counter()
        COMMIT_SECONDS.observe(perf_counter() - began)
        return found


def open_runner(url: str, *, exclusive: bool, durable: bool = True) -> Runner:
    """The runner for a database address."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteRunner(url, exclusive=exclusive, durable=durable)
    from bot.store.postgres import PostgresRunner  # noqa: PLC0415 -- start-up time that SQLite need not pay

    return PostgresRunner(url)


def sqlite_engine(url: str, begin_with: str, *, durable: bool = True) -> Engine:
    """An engine for SQLite: write-ahead log, every commit on disk before it counts unless told otherwise, foreign keys kept.

    A writing transaction begins with ``BEGIN IMMEDIATE``: one that began by reading could not become a writing one
    when another process (an import) wrote meanwhile.
    """
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # we say BEGIN ourselves; the driver's own comes too late for savepoints
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={SYNCHRONOUS if durable else 'OFF'}",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin_with)

    return engine
