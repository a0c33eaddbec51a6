"""The sender: what the channel says decides what becomes of a reply, and a reader's replies keep their order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, cast

import pytest

from bot.errors import Blocked, DeliveryError, Refused, TryLater, Uncertain
from bot.folder.shop_folder import Contents
from bot.pipeline import holding
from bot.pipeline import sender as module
from bot.pipeline.deliveries import Draft
from bot.pipeline.ports import Unit
from bot.pipeline.sender import Sender
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.pipeline.rig import Recorder, Rig
from tests.stores import rows


async def say(rig: Rig, who: str, *texts: str) -> None:
    """Queue replies for a buyer."""
    conversation = await rig.conversation(who)
    before = len(await rows(rig.database, "outbox"))
    drafts = tuple(Draft("web", who, f"{before + n}:0", text) for n, text in enumerate(texts))
    turn = Outturn((), conversation, conversation, drafts=drafts)
    await rig.database.write(lambda unit: unit.commit([turn], rig.clock()))


async def send(sender: Sender) -> None:
    """Until nothing more can go now."""
    while await sender.step():
        await sender.drain()


async def states(rig: Rig) -> list[str]:
    return [row["state"] for row in await rows(rig.database, "outbox")]


async def test_replies_arrive_in_order_and_are_marked_with_the_channels_own_id(rig: Rig) -> None:
    await say(rig, "ann", "a1", "a2", "a3")
    await send(rig.sender())
    assert rig.channel.delivered == ["a1", "a2", "a3"]
    found = await rows(rig.database, "outbox")
    assert [(row["state"], row["ref"], row["attempts"]) for row in found] == [
        ("sent", f"m{row['id']}", 1) for row in found
    ]
    assert not await rig.sender().step()


async def test_readers_are_served_side_by_side(rig: Rig) -> None:
    rig.channel.gate = asyncio.Event()
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    await say(rig, "bob", "b1")
    assert await sender.step()
    assert not await sender.step()
    await asyncio.sleep(0)
    assert sorted(rig.channel.tried) == ["a1", "b1"]
    rig.channel.gate.set()
    await sender.drain()
    await send(sender)
    assert [text for text in rig.channel.delivered if text.startswith("a")] == ["a1", "a2"]


async def test_a_channel_that_asks_to_wait_is_asked_again_then_and_order_is_kept(rig: Rig) -> None:
    rig.channel.faults = [TryLater("429", timedelta(seconds=7))]
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    await send(sender)
    rig.clock.advance(seconds=6.9)
    await send(sender)
    assert rig.channel.tried == ["a1"]
    rig.clock.advance(seconds=0.1)
    await send(sender)
    assert rig.channel.tried == ["a1", "a1", "a2"]
    assert rig.channel.delivered == ["a1", "a2"]
    assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [0, 0]


@pytest.mark.parametrize(("fault", "state"), [(Blocked("gone"), "blocked"), (Refused("too long"), "failed")])
async def test_a_reply_that_will_never_be_taken_is_given_up_and_the_next_goes_on(
    rig: Rig, fault: DeliveryError, state: str
) -> None:
    rig.channel.faults = [fault]
    await say(rig, "ann", "a1", "a2")
    await send(rig.sender())
    assert rig.channel.delivered == ["a2"]
    found = await rows(rig.database, "outbox")
    assert [(row["state"], row["error"]) for row in found] == [(state, str(fault)), ("sent", "")]


async def test_when_nobody_can_know_whether_it_arrived_it_is_sent_again_and_counted(rig: Rig) -> None:
    rig.channel.faults = [Uncertain("no answer")] * 2
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    for _ in range(4):
        await send(sender)
        rig.clock.advance(seconds=60)
    assert rig.channel.tried == ["a1", "a1", "a1", "a2"]
    assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [2, 0]
    assert (await rig.status()).uncertain == 2


async def test_the_pauses_between_uncertain_tries_grow_up_to_a_bound(rig: Rig) -> None:
    rig.channel.faults = [Uncertain("no answer")] * 8
    sender = rig.sender()
    await say(rig, "ann", "a1")
    pauses = []
    for _ in range(8):
        await send(sender)
        [row] = await rows(rig.database, "outbox")
        pauses.append((row["due_at"] - rig.clock()).total_seconds())
        rig.clock.now = row["due_at"]
    assert pauses == sorted(pauses)
    assert 0 < pauses[0] < pauses[3] < pauses[-1] <= 60


async def test_a_failure_nobody_foresaw_is_tried_ten_times_and_then_given_up(rig: Rig) -> None:
    rig.channel.faults = [RuntimeError("what?")] * 20
    sender = rig.sender()
    await say(rig, "ann", "a1", "a2")
    for _ in range(11):
        await send(sender)
        rig.clock.advance(seconds=60)
    assert rig.channel.tried.count("a1") == 10
    first, _ = await rows(rig.database, "outbox")
    assert (first["state"], first["error"]) == ("failed", "RuntimeError('what?')")


async def test_a_reader_in_trouble_delays_nobody_else(rig: Rig) -> None:
    rig.channel.faults = [TryLater("429", timedelta(minutes=5))]
    await say(rig, "ann", "a1")
    await say(rig, "bob", "b1", "b2")
    await send(rig.sender())
    assert rig.channel.delivered == ["b1", "b2"]


async def test_no_more_are_under_way_than_there_is_room_for(rig: Rig) -> None:
    rig.channel.gate = asyncio.Event()
    sender = rig.sender()
    for number in range(module.IN_FLIGHT + 3):
        await say(rig, f"buyer {number}", "hi")
    assert await sender.step()
    assert not await sender.step()
    await asyncio.sleep(0)
    assert len(rig.channel.tried) == module.IN_FLIGHT
    rig.channel.gate.set()
    await sender.drain()
    await send(sender)
    assert len(rig.channel.delivered) == module.IN_FLIGHT + 3


async def test_channels_that_are_not_served_here_keep_their_replies(rig: Rig) -> None:
    rig.channel = Recorder("telegram")
    await say(rig, "ann", "a1")
    await send(rig.sender())
    assert await states(rig) == ["queued"]


# -- outcomes that get lost ---------------------------------------------------------------------------------------


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
    writes: asyncio.Queue[asyncio.Event] = asyncio.Queue()
    write, deliver, last = rig.database.write, rig.channel.deliver, asyncio.Event()

    async def slow(job: Callable[[Unit], Any]) -> Any:
        await writes.put(may_go := asyncio.Event())
        await may_go.wait()
        return await write(job)

    async def held(delivery: Any) -> str:
        if delivery.text == "a19":
            await last.wait()
        return await deliver(delivery)

    monkeypatch.setattr(rig.database, "write", slow)
    monkeypatch.setattr(rig.channel, "deliver", held)
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
    write, begun, may_go = rig.database.write, asyncio.Event(), asyncio.Event()
    deliver, second = rig.channel.deliver, asyncio.Event()

    async def slow(job: Callable[[Unit], Any]) -> Any:
        begun.set()
        await may_go.wait()
        return await write(job)

    async def held(delivery: Any) -> str:
        if delivery.text == "b1":
            await second.wait()
        return await deliver(delivery)

    monkeypatch.setattr(rig.database, "write", slow)
    monkeypatch.setattr(rig.channel, "deliver", held)
    sender = rig.sender()
    await sender.step()
    await begun.wait()
    second.set()
    draining = asyncio.create_task(sender.drain())
    while len(rig.channel.delivered) < 2:  # noqa: ASYNC110 -- nobody tells
        await asyncio.sleep(0)
    draining.cancel()
    await asyncio.sleep(0)
    may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await draining
    assert await states(rig) == ["sent", "sent"]


async def test_whoever_waits_for_room_is_told_as_soon_as_there_is_some(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_FLIGHT", 20)
    monkeypatch.setattr(module, "_IDLE", 3600)  # nobody looks by themselves
    for number in range(50):
        await say(rig, f"buyer{number}", f"a{number}")
    await until_delivered(rig, rig.sender(), *(f"a{number}" for number in range(50)))


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


async def until_delivered(rig: Rig, sender: Sender, *texts: str) -> None:
    """Run the sender until these have arrived."""
    arrived = asyncio.Event()
    deliver = rig.channel.deliver

    async def watched(delivery: Any) -> str:
        ref = await deliver(delivery)
        if rig.channel.delivered == list(texts):
            arrived.set()
        return ref

    channel: Any = rig.channel
    channel.deliver = watched
    running = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(20):
            await arrived.wait()
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await sender.drain()


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


async def test_replies_left_half_sent_by_a_killed_process_are_sent_again_first_and_counted(rig: Rig) -> None:
    await say(rig, "ann", "a1", "a2")
    await rig.database.write_alone(lambda unit: unit.lease(rig.clock(), ["web"], 10))
    await until_delivered(rig, rig.sender(), "a1", "a2")
    assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [1, 0]


async def test_beside_other_processes_only_leases_that_ran_out_are_taken_over(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE", 0.01)
    await say(rig, "ann", "a1")
    await rig.database.write_alone(lambda unit: unit.lease(rig.clock(), ["web"], 10))
    await say(rig, "bob", "b1")
    await until_delivered(rig, rig.sender(alone=False), "b1")
    assert await states(rig) == ["sending", "sent"]
    rig.clock.advance(minutes=3)
    await until_delivered(rig, rig.sender(alone=False), "b1", "a1")


async def test_beside_other_processes_what_a_killed_one_held_is_sent_and_what_a_living_one_holds_is_not(
    postgres_address: str, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE", 0.01)
    monkeypatch.setattr(holding, "GRACE", 0.02)
    async with SqlDatabase(postgres_address) as database, SqlDatabase(postgres_address) as slow:
        rig = Rig(database, contents)
        async with slow.taking_part(lambda _: None):
            living = slow.number
            assert living
            for who, number in (("ann", living), ("bob", 7)):
                await say(rig, who, who)
                await rig.database.write_alone(partial(held_by, number, rig))
            await until_delivered(rig, rig.sender(alone=False), "bob")
            assert await states(rig) == ["sending", "sent"]
        await until_delivered(rig, rig.sender(alone=False), "bob", "ann")
        assert [row["uncertain"] for row in await rows(rig.database, "outbox")] == [1, 1]


def held_by(number: int, rig: Rig, unit: Unit) -> None:
    unit.lease(rig.clock(), ["web"], 10, number)


async def test_who_may_hold_nothing_begins_nothing(rig: Rig) -> None:
    number: list[int | None] = [None]
    sender = Sender(
        rig.database, [rig.channel], rig.clock, rig.to_send, alone=False, holder=lambda: number[0]
    )
    await say(rig, "ann", "a1")
    await send(sender)
    assert rig.channel.tried == []
    number[0] = 9
    await send(sender)
    assert rig.channel.delivered == ["a1"]
