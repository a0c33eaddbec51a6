"""A process among others on PostgreSQL: what it hears, what it leads, and what is left of both when its session ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import asyncpg
import pytest
import structlog
from sqlalchemy import text

from bot.domain.staff import StaffRole
from bot.errors import StoreAway
from bot.pipeline.tidings import Bell, Tidings
from bot.store import member
from bot.store.database import SqlDatabase
from bot.store.member import Member
from bot.store.postgres import PostgresRunner
from bot.store.unit import SqlUnit
from tests.store.samples import NOW, commits, message, outturn, talk
from tests.stores import run_sql

PATIENCE = 10.0
WAITS = text("""
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
"""Somebody waits for a lock in this database: others of the server are other tests'."""


@dataclass(eq=False)
class Process:
    """One that serves, and what it heard."""

    database: SqlDatabase
    heard: list[Tidings] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def member(self) -> Member:
        found = self.database._writer.runner.member
        assert found
        return found

    def hear(self, tidings: Tidings) -> None:
        self.heard.append(tidings)
        self.news.set()

    async def until(self, found: Callable[[Tidings], bool]) -> Tidings:
        """The first it hears that is so; what came before is forgotten."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self.heard:
                    if found(told := self.heard.pop(0)):
                        return told
                self.news.clear()
                await self.news.wait()

    def leads(self, what: str) -> Leading:
        """It would like to lead that, from now on."""
        leading = Leading()
        self.tasks.append(asyncio.create_task(self.database.leading(what, leading.work)))
        return leading


@dataclass(eq=False)
class Leading:
    """Work that goes on until it is stopped."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        self.stopped.clear()
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.begun.clear()
            self.stopped.set()


Start = Callable[..., Awaitable[Process]]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "BEAT", 0.05)


@pytest.fixture
async def start(postgres_address: str) -> AsyncIterator[Start]:
    """Starts processes, each a store of its own."""
    async with AsyncExitStack() as stack:
        with structlog.testing.capture_logs():
            yield lambda shop="main": stack.enter_async_context(process(postgres_address, shop))


@asynccontextmanager
async def process(address: str, shop: str = "main") -> AsyncIterator[Process]:
    async with SqlDatabase(address, shop=shop) as database:
        found = Process(database)
        async with database.taking_part(found.hear):
            yield found
            for task in found.tasks:
                task.cancel()
            await asyncio.gather(*found.tasks, return_exceptions=True)


async def met(event: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE):
        await event.wait()


def arrives(number: int) -> Callable[[SqlUnit], object]:
    return lambda unit: unit.receive([message(f"m{number}", number)], NOW)


async def end_session(address: str, process: Process) -> None:
    """PostgreSQL ends it, as when it is started anew or the network fails."""
    mine = f"locktype = 'advisory' AND objsubid = 2 AND objid = {process.member.number}"
    await run_sql(address, f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {mine}")  # noqa: S608 -- our own words


async def test_who_comes_first_looks_at_everything(start: Start) -> None:
    process = await start()
    told = await process.until(lambda _: True)
    assert told.all
    assert told.bells == set(Bell)


async def test_what_one_stores_all_others_hear_of_and_only_once_it_is_committed(start: Start) -> None:
    web, worker, sender = await start(), await start(), await start()
    for other in (web, worker, sender):
        await other.until(lambda told: told.all)

    def fails(unit: SqlUnit) -> None:
        arrives(1)(unit)
        raise KeyError

    with pytest.raises(KeyError):
        await web.database.write_alone(fails)
    await web.database.write(arrives(2))
    for other in (worker, sender):
        told = await other.until(lambda _: True)
        assert (told.bells, told.all) == ({Bell.INBOX}, False)
        assert other.heard == []
    assert web.heard == [], "it has rung its own bells already"


async def test_what_shares_a_commit_is_told_together(start: Start) -> None:
    web, worker = await start(), await start()
    await worker.until(lambda told: told.all)
    await asyncio.gather(*(web.database.write(arrives(number)) for number in range(60)))
    await web.database.announce(Tidings(desk={7: {"Mia": True}}))
    last = await worker.until(lambda told: bool(told.desk))
    assert last.desk == {7: {"Mia": True}}
    assert len(worker.heard) == 0
    assert await worker.database.read(lambda unit: unit.status().inbox_due) == 60


async def test_shops_in_one_database_do_not_hear_each_other(start: Start) -> None:
    here, other, there = await start(), await start(), await start("another")
    await other.until(lambda told: told.all)
    await there.until(lambda told: told.all)
    await here.database.announce(Tidings(desk={1: {"Mia": False}}))
    await other.until(lambda told: bool(told.desk))
    await there.database.announce(Tidings(desk={2: {"Max": False}}))
    assert there.heard == []


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


async def test_who_lost_its_session_hears_again_and_looks_for_what_it_missed(
    start: Start, postgres_address: str
) -> None:
    web, worker = await start(), await start()
    await worker.until(lambda told: told.all)
    await end_session(postgres_address, worker)
    await worker.until(lambda told: told.all)
    await web.database.write(arrives(1))
    assert (await worker.until(lambda _: True)).bells == {Bell.INBOX}


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


class Halting:
    """A session in which something happens elsewhere just as one thing was asked of it, and before it hears the answer."""

    def __init__(self, session: Any, what: str, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._session, self._what, self._meanwhile = session, what, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def fetchval(self, query: str, *given: Any) -> Any:
        found = await self._session.fetchval(query, *given)
        if query == self._what:
            await self._meanwhile()
        return found

    async def add_listener(self, channel: str, ear: Any) -> None:
        await self._session.add_listener(channel, ear)
        if self._what == "LISTEN":
            await self._meanwhile()


def halt(patch: pytest.MonkeyPatch, what: str, meanwhile: Callable[[Member], Awaitable[None]]) -> None:
    """In sessions begun from now on."""
    connect = Member._connect

    async def connected(self: Member) -> Any:
        return Halting(await connect(self), what, partial(meanwhile, self))

    patch.setattr(Member, "_connect", connected)


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


async def test_a_shop_that_leaves_while_the_session_begins_does_not_end_it_for_others(
    start: Start,
) -> None:
    async def leave(member: Member) -> None:
        member.deafen("shouhou/main")

    with structlog.testing.capture_logs() as log, pytest.MonkeyPatch.context() as patch:
        halt(patch, "LISTEN", leave)
        process = await start()
    assert process.member.number is not None
    assert log == []


async def test_a_shop_that_comes_back_looks_for_what_it_missed(postgres_address: str) -> None:
    async with process(postgres_address, "another") as other:
        shop = Process(other.database.beside("main"))
        for _ in range(2):
            async with shop.database.taking_part(shop.hear):
                await shop.until(lambda told: told.all)


async def test_who_stops_before_the_session_is_there_leaves_nothing_running() -> None:
    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with SqlDatabase(f"postgresql+asyncpg://me@127.0.0.1:{port}/shop?ssl=disable") as database:
            found = Process(database)
            taking_part = database.taking_part(found.hear)
            entering = asyncio.ensure_future(taking_part.__aenter__())
            await met(asked)
            entering.cancel()
            await asyncio.wait([entering])
            assert [task for task in asyncio.all_tasks() if task.get_name() == "member"] == []


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


async def test_what_a_process_holds_is_free_once_it_is_gone_and_not_before(postgres_address: str) -> None:
    async with SqlDatabase(postgres_address) as others:
        async with process(postgres_address) as sending:
            number = sending.database.number
            assert number
            conversation = await talk(sending.database)
            await sending.database.write_alone(commits(outturn(conversation, said=("a1", "a2"))))
            await sending.database.write_alone(lambda unit: unit.lease(NOW, ["web"], 1, number))
            assert await others.read(lambda unit: unit.holders_gone()) == frozenset()
        assert others.number is None, "who does not take part must hold nothing"
        gone = await others.read(lambda unit: unit.holders_gone())
        assert gone == {number}
        assert await others.write(lambda unit: unit.release_leases(NOW, everyone=False)) == 0
        assert await others.write(lambda unit: unit.release_leases(NOW, everyone=False, holders=gone)) == 1
        assert await others.read(lambda unit: unit.holders_gone()) == frozenset()


async def test_two_workers_never_give_somebody_more_than_they_can_take(postgres_address: str) -> None:
    async with SqlDatabase(postgres_address) as database:
        runner = database._writer.runner
        assert isinstance(runner, PostgresRunner)
        async with runner.begin() as other:
            async with runner.begin() as one:
                first = await one.run_sync(lambda connection: SqlUnit(connection, "main").colleagues())
                waiting = asyncio.create_task(
                    other.run_sync(lambda connection: SqlUnit(connection, "main").colleagues())
                )
                await until_waits_for_a_lock(database, waiting)
                await one.run_sync(lambda connection: hires(SqlUnit(connection, "main")))
            assert first == ()
            assert [colleague.staff.name for colleague in await waiting] == ["Mia"]


def hires(unit: SqlUnit) -> None:
    unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW)


async def until_waits_for_a_lock(database: SqlDatabase, task: asyncio.Task[object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not task.done():
            if await database.read(lambda unit: unit._connection.execute(WAITS).scalar()):
                return
