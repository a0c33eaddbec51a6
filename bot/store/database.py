"""Running jobs in transactions, on SQLite by a writer thread, on PostgreSQL by asyncpg.

Jobs that wait at the same time share one commit (group commit), each in its own savepoint, so that one that fails
takes nothing of its neighbours with it. A shared commit costs one fsync for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.pipeline.metrics import COMMIT_SECONDS
from bot.store import schema
from bot.store.lock import ProcessLock
from bot.store.unit import SqlUnit

T = TypeVar("T")
_AT_ONCE = 200
"""The most jobs that share one commit."""


SYNCHRONOUS = "FULL"
"""When SQLite takes a commit for done: once it is on the disk. Tests, which fear no power cut, are spared the wait."""


class Runner(Protocol):
    """Runs a function over a connection, in one transaction."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run it and commit; roll back when it raises."""
        ...

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run it for reading."""
        ...

    async def reach(self) -> None:
        """StoreError says where the database was looked for, and how to mend that it can't be used."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


@dataclass(slots=True)
class _Job:
    work: Callable[[SqlUnit], Any]
    future: asyncio.Future[Any]


class SqlDatabase:
    """The pipeline's port `Database`. Enter it to start its writer."""

    def __init__(self, url: str, *, exclusive: bool = True, durable: bool = True) -> None:
        """`durable` False: SQLite need not wait for the disk, for what nobody would miss after a power cut."""
        self._runner: Runner = open_runner(url, exclusive=exclusive, durable=durable)
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write_forever(), name="database writer")
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._jobs.put(None)
        if self._writer:
            await self._writer
        self._writer = None
        await self._runner.close()

    async def write(self, job: Callable[[SqlUnit], T]) -> T:
        """Run the job and commit; jobs that wait at the same time share one commit, each in its own savepoint."""
        if self._writer is None or self._writer.done():
            raise StoreError("the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        await self._jobs.put(_Job(job, future))
        return await future

    async def write_alone(self, job: Callable[[SqlUnit], T]) -> T:
        """Run the job in a transaction of its own."""
        return await self._runner.run(lambda connection: job(SqlUnit(connection)))

    async def read(self, job: Callable[[SqlUnit], T]) -> T:
        """Run a job that only reads."""
        return await self._runner.look(lambda connection: job(SqlUnit(connection)))

    async def migrate(self) -> bool:
        """Bring the tables to what this version needs; False when they were already."""
        await self._runner.reach()
        if await self._runner.look(schema.current):
            return False
        await self._runner.run(schema.upgrade)
        return True

    async def _write_forever(self) -> None:
        while (first := await self._jobs.get()) is not None:
            jobs = [first]
            while len(jobs) < _AT_ONCE and not self._jobs.empty():
                following = self._jobs.get_nowait()
                if following is None:
                    await self._jobs.put(None)
                    break
                jobs.append(following)
            await self._write(jobs)
        while not self._jobs.empty():  # what came in while the last jobs ran
            late = self._jobs.get_nowait()
            if late is not None and not late.future.done():
                late.future.set_exception(StoreError("the database was closed meanwhile"))

    async def _write(self, jobs: list[_Job]) -> None:
        try:
            outcomes = await self._runner.run(lambda connection: _run_all(connection, jobs))
        except BaseException as error:  # noqa: BLE001 -- the whole failed: none of the jobs happened, each is told
            outcomes = [error] * len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.done():
                continue
            if isinstance(outcome, BaseException):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)


def _run_all(connection: Connection, jobs: Sequence[_Job]) -> list[Any]:
    """Each job's result, or the exception it failed with. One alone has nobody to spare: the transaction fails with it."""
    if len(jobs) == 1:
        return [jobs[0].work(SqlUnit(connection))]
    outcomes: list[Any] = []
    for job in jobs:
        savepoint = connection.begin_nested()
        try:
            outcome = job.work(SqlUnit(connection))
            savepoint.commit()
            outcomes.append(outcome)
        except Exception as error:  # noqa: BLE001 -- the job's own caller gets it
            savepoint.rollback()
            outcomes.append(error)
    return outcomes


class SqliteRunner:
    """One connection that writes, on its own thread; others that read, on another."""

    def __init__(self, url: str, *, exclusive: bool, durable: bool) -> None:
        self._path = path = make_url(url).database or ""
        self._lock = ProcessLock(Path(f"{path}.lock")) if exclusive else contextlib.nullcontext()
        try:
            if path and path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
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
        return await asyncio.get_running_loop().run_in_executor(self._write, _commit, self._writing, work)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run it on the reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._read, _begin, self._reading, work)

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


def _begin(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _commit(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
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
        connection.isolation_level = (
            None  # we say BEGIN ourselves; the driver's own comes too late for savepoints
        )
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
