"""What one process does for all on PostgreSQL: who leads it, who goes on with it, and when nobody does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
import structlog

from bot.errors import StoreAway
from bot.store.member import Member
from tests.store.serving_processes import PATIENCE, Start, end_session, halt, met, process

pytestmark = pytest.mark.usefixtures("brisk")


async def test_one_leads_and_when_it_stops_another_does(start: Start) -> None:
    first, second = await start(), await start()
    leading = first.leads("poll")
    await met(leading.begun)
    waiting = second.leads("poll")
    elsewhere = second.leads("send")
    await met(elsewhere.begun)
    assert not waiting.begun.is_set()
    first.tasks[0].cancel()
    await met(waiting.begun)
    assert leading.stopped.is_set()


async def test_shops_have_leaders_of_their_own(start: Start) -> None:
    ours, theirs = (await start()).leads("poll"), (await start("another")).leads("poll")
    await met(ours.begun)
    await met(theirs.begun)


async def test_who_loses_its_session_stops_at_once_and_another_takes_over(
    start: Start, postgres_address: str
) -> None:
    first, second = await start(), await start()
    leading = first.leads("poll")
    await met(leading.begun)
    waiting = second.leads("poll")
    number = first.member.number
    await end_session(postgres_address, first)
    await met(leading.stopped)
    await met(waiting.begun)
    await first.until(lambda told: told.all)
    again = first.leads("another")
    await met(again.begun)
    assert first.member.number == number, "what it held is still its own"
    assert not leading.begun.is_set()


async def _once_free(session: Any, statement: str) -> None:
    """Carried out between two looks of its owner's."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(asyncpg.InterfaceError):
                await session.execute(statement)
                return
            await asyncio.sleep(0.001)


async def test_who_finds_another_process_in_its_own_session_leads_nothing(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, connect = [], asyncpg.connect

    async def connected(**options: Any) -> Any:
        sessions.append(await connect(**options))
        return sessions[-1]

    monkeypatch.setattr(asyncpg, "connect", connected)
    with structlog.testing.capture_logs() as logs:
        async with process(postgres_address) as one:
            leading = one.leads("poll")
            await met(leading.begun)
            # a pooler in transaction mode gives the same session to whoever asks next
            await _once_free(sessions[0], "SELECT set_config('shouhou.member', 'another', false)")
            await met(leading.stopped)
    assert [line for line in logs if line["event"] == "cluster.pooled"]


async def test_work_that_is_done_is_not_begun_again_and_what_fails_is_told(start: Start) -> None:
    process = await start()
    times: list[int] = []

    async def work() -> None:
        times.append(1)

    async def broken() -> None:
        raise KeyError("told")

    await process.database.leading("once", work)
    await process.database.leading("once", work)
    assert times == [1, 1]
    with pytest.raises(KeyError, match="told"):
        await process.database.leading("once", broken)


async def test_who_gives_up_while_it_is_elected_stands_in_nobodys_way(start: Start) -> None:
    async def give_up(_: Member) -> None:
        for task in first.tasks:
            task.cancel()
            await asyncio.wait([task])

    with pytest.MonkeyPatch.context() as patch:
        halt(patch, "SELECT pg_try_advisory_lock($1)", give_up)
        first = await start()
    first.leads("poll")
    await asyncio.wait(first.tasks, timeout=PATIENCE)
    assert first.tasks[0].cancelled()
    await met((await start()).leads("poll").begun)


@pytest.mark.parametrize("stops", ["with an error", "as if it were done"])
async def test_work_that_had_to_stop_is_begun_again_however_it_stopped(
    start: Start, postgres_address: str, stops: str
) -> None:
    process, begun = await start(), asyncio.Semaphore(0)

    async def work() -> None:
        begun.release()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if stops == "with an error":
                raise StoreAway("the database does not answer") from None

    process.tasks.append(asyncio.create_task(process.database.leading("poll", work)))
    async with asyncio.timeout(PATIENCE):
        await begun.acquire()
        await end_session(postgres_address, process)
        await asyncio.wait(
            [*process.tasks, again := asyncio.create_task(begun.acquire())], return_when="FIRST_COMPLETED"
        )
    assert again.done(), process.tasks[0]
