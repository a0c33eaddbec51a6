"""One task that writes: jobs that wait at the same time share one commit (group commit), each in its own savepoint, so that one
that fails takes nothing of its neighbours with it. A shared commit costs one fsync for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError

if TYPE_CHECKING:
    from bot.store.member import Member

T = TypeVar("T")
_AT_ONCE = 200
"""The most jobs that share one commit."""
TRIES = 3
"""Of a job that stood in another process's way."""
_DEADLOCK = "40P01"


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

    @property
    def member(self) -> Member | None:
        """This process among those that serve; None where there can be no others."""
        ...


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    tries: int = 0


class Writer:
    """Runs what waits to be written, of all shops of a database."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; until then nothing is written."""
        self._task = asyncio.create_task(self._write_forever(), name="database writer")

    async def stop(self) -> None:
        """Finish what waits, and close the database."""
        await self._jobs.put(None)
        if self._task:
            await self._task
        self._task = None
        await self.runner.close()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run it, with what else waits, and commit. StoreError once the database is closed; whatever the work raises."""
        if self._task is None or self._task.done():
            raise StoreError("the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        await self._jobs.put(_Job(work, future))
        return await future

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
            outcomes = await self.runner.run(lambda connection: _run_all(connection, jobs))
        except BaseException as error:  # noqa: BLE001 -- the whole failed: none of the jobs happened, each is told
            outcomes = [error] * len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.tries += 1
            if job.future.done():
                continue
            if stood_in_the_way(outcome) and job.tries < TRIES:
                self._jobs.put_nowait(job)
            elif isinstance(outcome, BaseException):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)


def _run_all(connection: Connection, jobs: Sequence[_Job]) -> list[Any]:
    """Each job's result, or the exception it failed with. One alone has nobody to spare: the transaction fails with it."""
    if len(jobs) == 1:
        return [jobs[0].work(connection)]
    outcomes: list[Any] = []
    for job in jobs:
        savepoint = connection.begin_nested()
        try:
            outcome = job.work(connection)
            savepoint.commit()
            outcomes.append(outcome)
        except Exception as error:  # noqa: BLE001 -- the job's own caller gets it
            savepoint.rollback()
            outcomes.append(error)
    return outcomes


def stood_in_the_way(outcome: Any) -> bool:
    """True when two processes waited for each other, and PostgreSQL made this one give way (deadlock)."""
    return isinstance(outcome, DBAPIError) and getattr(outcome.orig, "sqlstate", "") == _DEADLOCK
