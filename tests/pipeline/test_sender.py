"""The sender: what the channel says decides what becomes of a reply, and a reader's replies keep their order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot.errors import Blocked, DeliveryError, Refused, TryLater, Uncertain
from bot.folder.shop_folder import Contents
from bot.pipeline import holding
from bot.pipeline import sender as module
from bot.pipeline.ports import Unit
from bot.pipeline.sender import Sender
from bot.store.database import SqlDatabase
from tests.pipeline.rig import Recorder, Rig
from tests.pipeline.sending import say, send, states, until_delivered
from tests.stores import rows


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


async def test_whoever_waits_for_room_is_told_as_soon_as_there_is_some(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_FLIGHT", 20)
    monkeypatch.setattr(module, "_IDLE", 3600)  # nobody looks by themselves
    for number in range(50):
        await say(rig, f"buyer{number}", f"a{number}")
    await until_delivered(rig, rig.sender(), *(f"a{number}" for number in range(50)))


# -- processes that are gone -----------------------------------------------------------------------------------


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
