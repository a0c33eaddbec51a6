"""A process among others on PostgreSQL: what it hears and holds, and what is left of both when its session ends."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from sqlalchemy import text

from bot.domain.staff import StaffRole
from bot.pipeline.tidings import Bell, Tidings
from bot.store.database import SqlDatabase
from bot.store.member import Member
from bot.store.postgres import PostgresRunner
from bot.store.unit import SqlUnit
from tests.store.samples import NOW, commits, outturn, talk
from tests.store.serving_processes import PATIENCE, Process, Start, arrives, end_session, halt, met, process

WAITS = text("""
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
"""Somebody waits for a lock in this database: others of the server are other tests'."""

pytestmark = pytest.mark.usefixtures("brisk")


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


async def test_who_lost_its_session_hears_again_and_looks_for_what_it_missed(
    start: Start, postgres_address: str
) -> None:
    web, worker = await start(), await start()
    await worker.until(lambda told: told.all)
    await end_session(postgres_address, worker)
    await worker.until(lambda told: told.all)
    await web.database.write(arrives(1))
    assert (await worker.until(lambda _: True)).bells == {Bell.INBOX}


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
