"""The bell wakes whoever sleeps on it; the door returns when what came in is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.pipeline import wake
from bot.pipeline.arrivals import Arrival
from bot.pipeline.wake import Wake
from tests.pipeline.rig import Rig
from tests.stores import rows

LONG = 1_000.0


async def test_a_ring_while_nobody_sleeps_is_not_lost() -> None:
    bell = Wake()
    bell.up()
    async with asyncio.timeout(20):
        await bell.sleep(LONG)


async def test_one_ring_wakes_once() -> None:
    bell = Wake()
    bell.up()
    bell.up()
    async with asyncio.timeout(20):
        await bell.sleep(LONG)
        await bell.sleep(0)
    asleep = asyncio.create_task(bell.sleep(LONG))
    await asyncio.sleep(0)
    assert not asleep.done()
    bell.up()
    async with asyncio.timeout(20):
        await asleep


async def test_who_woke_just_now_takes_a_breath_in_which_rings_gather(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaths: list[float] = []

    async def breathe(seconds: float) -> None:
        breaths.append(seconds)
        bell.up()

    monkeypatch.setattr(wake, "BREATH", 1_000.0)
    bell = Wake()
    bell.up()
    await bell.sleep(LONG)
    monkeypatch.setattr(asyncio, "sleep", breathe)
    bell.up()
    await bell.sleep(LONG)
    assert len(breaths) == 1
    assert 0 < breaths[0] <= 1_000
    assert not bell.asleep
    monkeypatch.undo()
    asleep = asyncio.create_task(bell.sleep(LONG))
    await asyncio.sleep(0)
    assert not asleep.done()  # the ring of meanwhile was heard with the one before
    asleep.cancel()


async def test_who_dozes_looks_less_often_while_nobody_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    @asynccontextmanager
    async def over_at_once(seconds: float) -> AsyncIterator[None]:
        slept.append(seconds)
        if not rung:
            raise TimeoutError
        yield

    bell, rung = Wake(), False
    monkeypatch.setattr(asyncio, "timeout", over_at_once)
    for _ in range(12):
        await bell.sleep(1, dozes=True)
    await bell.sleep(1)
    assert slept == [1] * 10 + [4, 4, 1]
    rung = True
    bell.up()
    await bell.sleep(1, dozes=True)
    rung = False
    slept.clear()
    for _ in range(11):
        await bell.sleep(1, dozes=True)
    assert slept == [1] * 10 + [4]


async def test_what_was_taken_in_is_on_disk_and_the_worker_is_rung(rig: Rig) -> None:
    arrival = Arrival("web", "web:1", {"kind": "message", "text": "hi", "files": []}, "ann")
    await rig.intake.take([arrival])
    assert len(await rows(rig.database, "inbox")) == 1
    async with asyncio.timeout(20):
        await rig.to_work.sleep(LONG)
    await rig.intake.take([arrival])
    assert len(await rows(rig.database, "inbox")) == 1


async def test_nothing_taken_in_rings_nobody(rig: Rig) -> None:
    await rig.intake.take([])
    asleep = asyncio.create_task(rig.to_work.sleep(LONG))
    await asyncio.sleep(0)
    assert not asleep.done()
    asleep.cancel()


async def test_what_could_not_be_stored_is_not_acknowledged(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(rig.database, "write", full)
        with pytest.raises(OSError, match="full"):
            await rig.intake.take([Arrival("web", "web:1", {}, "ann")])
    assert await rows(rig.database, "inbox") == []
