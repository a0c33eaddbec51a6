"""Somebody sets the machine's clock while the shop is served."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Uncertain
from bot.pipeline import bringing_forward
from bot.pipeline.bringing_forward import LONGEST, BringingForward
from bot.pipeline.deadlines import Deadlines
from bot.pipeline.machine_clock import DOUBT, FAR, MachineClock
from bot.pipeline.wake import Wake
from tests.pipeline.rig import Rig

HOUR = 3600.0
NOTHING = timedelta(0)


class Machine:
    """Its two clocks: the one that is set, and the one that only goes on."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_790_000_000.0, 50.0
        self.clock = MachineClock(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_clock_that_only_goes_on_is_believed(machine: Machine) -> None:
    for _ in range(100):
        machine.passes(HOUR)
        machine.wall += 0.5  # it drifts, and is put right a little
        assert machine.clock() == datetime.fromtimestamp(machine.wall, UTC)
    assert not machine.clock.doubtful
    assert not machine.clock.set_back.is_set()


def test_a_clock_far_ahead_at_once_is_doubted_for_a_while(machine: Machine) -> None:
    machine.wall += FAR + 1
    assert machine.clock() == datetime.fromtimestamp(machine.wall, UTC)
    assert machine.clock.doubtful
    machine.passes(DOUBT + 1)
    machine.clock()
    assert not machine.clock.doubtful


def test_a_clock_that_was_put_right_is_doubted_no_more(machine: Machine) -> None:
    machine.wall += HOUR
    machine.clock()
    machine.wall -= HOUR
    machine.clock()
    assert not machine.clock.doubtful
    assert machine.clock.set_back.is_set()


async def test_what_came_in_while_the_clock_was_ahead_is_answered_once_it_is_right(rig: Rig) -> None:
    rig.clock.advance(hours=1)
    await rig.write("ann", "你好")
    rig.clock.advance(hours=-1)
    await rig.work()
    assert (await rig.status()).inbox_due == 1, "as long as nobody notices it waits"
    await _forward(rig).step(NOTHING)
    await rig.work()
    assert (await rig.status()).inbox_due == 0


async def test_a_reply_that_was_to_be_tried_again_while_the_clock_was_ahead_is(rig: Rig) -> None:
    await rig.write("ann", "你好")
    await rig.work()
    rig.clock.advance(hours=1)
    rig.channel.faults.append(Uncertain("no answer in time"))
    sender = rig.sender()
    await sender.step()
    await sender.drain()
    rig.clock.advance(hours=-1)
    await _forward(rig).step(NOTHING)
    await sender.step()
    await sender.drain()
    assert (await rig.status()).outbox_due == 0


async def test_what_was_reckoned_while_the_clock_was_ahead_and_is_written_down_late_is_tried_again_too(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away: it first hears that the clock was set back, and then what came in before that."""
    monkeypatch.setattr(bringing_forward, "_LATE", 0.01)
    set_back, looked = asyncio.Event(), asyncio.Event()
    forward = BringingForward(rig.database, rig.clock, set_back, looked.set)
    step, steps = forward.step, list[timedelta]()

    async def and_then_it_comes(beyond: timedelta) -> None:
        await step(beyond)
        if beyond == NOTHING and NOTHING not in steps:
            rig.clock.advance(hours=1)
            await rig.write("ann", "你好")
            rig.clock.advance(hours=-1)
        steps.append(beyond)

    monkeypatch.setattr(forward, "step", and_then_it_comes)
    set_back.set()
    running = asyncio.create_task(forward.run())
    try:
        async with asyncio.timeout(10):
            await looked.wait()
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    await rig.work()
    assert (await rig.status()).inbox_due == 0


async def test_a_start_leaves_alone_what_is_tried_again_soon(rig: Rig) -> None:
    await rig.write("ann", "你好")
    await rig.work()
    rig.channel.faults.append(Uncertain("no answer in time"))
    sender = rig.sender()
    await sender.step()
    await sender.drain()
    before = (await rig.status()).outbox_due
    await _forward(rig).step(LONGEST)
    await sender.step()
    await sender.drain()
    assert (await rig.status()).outbox_due == before == 1


async def test_while_the_clock_is_doubted_no_deadline_fires(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    rig.clock.advance(days=30)
    doubted = [True]
    deadlines = Deadlines(rig.database, rig.clock, Wake(), Wake(), doubtful=lambda: doubted[0])
    assert not await deadlines.step()
    doubted[0] = False
    assert await deadlines.step()


def _forward(rig: Rig) -> BringingForward:
    return BringingForward(rig.database, rig.clock, MachineClock().set_back, lambda: None)
