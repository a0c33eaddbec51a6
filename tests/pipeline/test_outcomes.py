"""What became of a reply is written down, whatever stands in the way: what is forgotten is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from bot.pipeline import sender as module
from bot.pipeline.ports import Unit
from bot.store.unit import SqlUnit
from tests.pipeline.rig import Rig
from tests.pipeline.sending import say, send, states, until_delivered
from tests.stores import rows


def failing_settles(rig: Rig, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next outcomes can't be written down."""
    write = rig.database.write
    left = [times]

    async def flaky(job: Callable[[Unit], Any]) -> Any:
        if left[0]:
            left[0] -= 1
            raise ConnectionError("gone")
        return await write(job)

    monkeypatch.setattr(rig.database, "write", flaky)
    monkeypatch.setattr(module, "_SETTLE_PAUSES", (0, 0, 0))


def slowed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, text: str
) -> tuple[asyncio.Queue[asyncio.Event], asyncio.Event]:
    """Each write waits until its event is set, in the order they come, and the delivery of this text until the other one is."""
    writes: asyncio.Queue[asyncio.Event] = asyncio.Queue()
    write, deliver, may_arrive = rig.database.write, rig.channel.deliver, asyncio.Event()

    async def slow(job: Callable[[Unit], Any]) -> Any:
        await writes.put(may_go := asyncio.Event())
        await may_go.wait()
        return await write(job)

    async def held(delivery: Any) -> str:
        if delivery.text == text:
            await may_arrive.wait()
        return await deliver(delivery)

    monkeypatch.setattr(rig.database, "write", slow)
    monkeypatch.setattr(rig.channel, "deliver", held)
    return writes, may_arrive


async def test_an_outcome_that_can_not_be_written_down_is_written_a_little_later(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    failing_settles(rig, monkeypatch, 2)
    await send(sender)
    assert rig.channel.delivered == ["a1", "a2"]
    assert await states(rig) == ["sent", "sent"]


async def test_who_is_written_down_makes_room_however_long_the_next_take(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_FLIGHT", 20)
    for number in range(20):
        await say(rig, f"buyer{number}", f"a{number}", f"b{number}")
    write = rig.database.write
    writes, last = slowed(rig, monkeypatch, "a19")
    sender = rig.sender()
    await sender.step()
    first = await writes.get()  # of all but one
    last.set()
    await asyncio.sleep(0)
    first.set()
    second = await writes.get()
    for _ in range(5):  # those that are written down come to their end
        await asyncio.sleep(0)
    await sender.step()
    monkeypatch.setattr(rig.database, "write", write)
    second.set()
    await sender.drain()
    begun = [text for text in rig.channel.tried if text.startswith("b")]
    assert len(begun) > 10


async def test_what_arrived_is_written_down_although_nobody_waits_for_it_any_more(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two that arrived gathers while the first is written down, and then whoever stops the shop loses patience."""
    await say(rig, "ann", "a1")
    await say(rig, "bob", "b1")
    write = rig.database.write
    writes, second = slowed(rig, monkeypatch, "b1")
    sender = rig.sender()
    await sender.step()
    first = await writes.get()
    second.set()
    draining = asyncio.create_task(sender.drain())
    while len(rig.channel.delivered) < 2:  # noqa: ASYNC110 -- nobody tells
        await asyncio.sleep(0)
    draining.cancel()
    await asyncio.sleep(0)
    monkeypatch.setattr(rig.database, "write", write)
    first.set()
    with pytest.raises(asyncio.CancelledError):
        await draining
    assert await states(rig) == ["sent", "sent"]


async def test_outcomes_that_can_not_be_written_down_together_are_written_each_by_itself(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = ("ann", "bob", "cy", "dee")
    for who in readers:
        await say(rig, who, f"{who}1")
    written: list[int] = []

    def refuse_many(settle: Any) -> Any:
        def settled(unit: Any, items: Any, now: Any) -> None:
            found = list(items)
            written.append(len(found))
            if len(found) > 1:
                raise ConnectionError("gone")
            settle(unit, found, now)

        return settled

    monkeypatch.setattr(SqlUnit, "settle", refuse_many(SqlUnit.settle))
    monkeypatch.setattr(module, "_SETTLE_PAUSES", (0, 0, 0))
    await send(rig.sender())
    assert await states(rig) == ["sent"] * 4
    assert max(written) > 1
    assert len(rig.channel.delivered) == 4


async def test_however_long_the_database_is_away_nothing_that_went_out_goes_out_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE", 0.01)
    monkeypatch.setattr(module, "_LOST", 0.01)
    await say(rig, "ann", "a1", "a2")
    deliver, channel = rig.channel.deliver, cast("Any", rig.channel)

    async def and_then_it_goes(delivery: Any) -> str:
        if not rig.channel.delivered:
            failing_settles(rig, monkeypatch, 50)
        return await deliver(delivery)

    channel.deliver = and_then_it_goes
    await until_delivered(rig, rig.sender(), "a1", "a2")
    assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [0, 0]


async def test_an_outcome_that_was_lost_for_good_does_not_silence_the_reader(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE", 0.01)
    monkeypatch.setattr(module, "_LOST", 0.01)
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    failing_settles(rig, monkeypatch, 4)
    await sender.step()
    await sender.drain()
    assert await states(rig) == ["sending", "queued"]
    await until_delivered(rig, sender, "a1", "a1", "a2")
    assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [1, 0]
