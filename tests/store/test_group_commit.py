"""Jobs that wait together share a commit; a failing one takes nothing of its neighbours with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, text

from bot.errors import StoreAway, StoreError
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import NOW, message
from tests.stores import rows

T = TypeVar("T")


class Counting:
    """A runner that counts transactions, and can be told to fail one when it commits."""

    member = None

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.runs = 0
        self.fail_next = False

    async def run(self, work: Callable[[Connection], T]) -> T:
        self.runs += 1

        def watched(connection: Connection) -> T:
            outcome = work(connection)
            if self.fail_next:
                self.fail_next = False
                raise OSError("the disk is full")
            return outcome

        outcome: T = await self._inner.run(watched)
        return outcome

    async def look(self, work: Callable[[Connection], T]) -> T:
        outcome: T = await self._inner.look(work)
        return outcome

    async def reach(self) -> None:
        await self._inner.reach()

    async def close(self) -> None:
        await self._inner.close()


@pytest.fixture
def counting(database: SqlDatabase) -> Counting:
    found = Counting(database._writer.runner)
    database._writer.runner = found
    return found


def storing(number: int, fault: str = "") -> Callable[[SqlUnit], int]:
    def job(unit: SqlUnit) -> int:
        unit.receive([message(f"m{number}", number)], NOW)
        if fault == "python":
            raise KeyError(number)
        if fault == "sql":
            unit._connection.execute(text("SELECT * FROM no_such_table"))
        return number

    return job


async def stored(database: SqlDatabase) -> list[str]:
    return [row["payload"]["text"] for row in await rows(database, "inbox")]


async def test_jobs_that_wait_together_share_a_commit_and_get_their_own_answers(
    database: SqlDatabase, counting: Counting
) -> None:
    answers = await asyncio.gather(*(database.write(storing(n)) for n in range(50)))
    assert answers == list(range(50))
    assert counting.runs < 5
    assert await stored(database) == [f"m{n}" for n in range(50)]


@pytest.mark.parametrize("fault", ["python", "sql"])
async def test_a_failing_job_takes_nothing_of_its_neighbours(
    database: SqlDatabase, counting: Counting, fault: str
) -> None:
    jobs = [storing(1), storing(2, fault), storing(3)]
    first, broken, last = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert counting.runs == 1
    assert (first, last) == (1, 3)
    assert isinstance(broken, Exception)
    assert await stored(database) == ["m1", "m3"]


async def test_a_failing_commit_fails_all_of_its_jobs_and_none_happened(
    database: SqlDatabase, counting: Counting
) -> None:
    counting.fail_next = True
    outcomes = await asyncio.gather(*(database.write(storing(n)) for n in (1, 2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreAway, StoreAway]
    assert await stored(database) == []
    assert await database.write(storing(3)) == 3


async def test_a_job_whose_caller_left_harms_nobody(database: SqlDatabase) -> None:
    leaving = asyncio.create_task(database.write(storing(1)))
    staying = asyncio.create_task(database.write(storing(2)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 2


async def test_a_job_alone_is_rolled_back_when_it_fails(database: SqlDatabase) -> None:
    with pytest.raises(KeyError):
        await database.write_alone(storing(1, "python"))
    assert await stored(database) == []


async def test_jobs_given_before_the_end_are_done(address: str) -> None:
    async with SqlDatabase(address) as database:
        waiting = asyncio.gather(*(database.write(storing(n)) for n in range(5)))
        await asyncio.sleep(0)
    assert await waiting == [0, 1, 2, 3, 4]


async def test_after_the_end_a_job_is_refused_instead_of_waiting_for_ever(address: str) -> None:
    async with SqlDatabase(address) as database:
        pass
    with pytest.raises(StoreError, match="closed"):
        await database.write(storing(1))


async def test_a_job_that_comes_while_the_store_closes_is_done_or_refused(address: str) -> None:
    database = SqlDatabase(address)
    await database.__aenter__()
    closing = asyncio.create_task(database.__aexit__())
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(10):
            assert await database.write(storing(1)) == 1
    except StoreError:
        pass
    await closing
