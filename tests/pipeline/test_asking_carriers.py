"""A turn that needs a carrier asked is taken again with the answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.domain.orders import Parcel, ParcelState
from tests.pipeline.poison import POISON, poison
from tests.pipeline.rig import Rig, on_its_way
from tests.play.clock import OPENING


class Slow:
    """A carrier that answers when let."""

    def __init__(self, state: ParcelState = ParcelState.OUT_FOR_DELIVERY) -> None:
        self.let = asyncio.Event()
        self.state = state

    async def __call__(self, parcel: Parcel) -> Parcel:
        await self.let.wait()
        return replace(parcel, state=self.state, as_of=OPENING)


async def test_carriers_are_asked_outside_of_any_transaction_and_others_go_on_meanwhile(rig: Rig) -> None:
    slow = rig.carriers.answer = Slow()
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    await rig.write("ann", "谢谢")
    await rig.worker.step()
    await rig.write("bob", "你好")
    await rig.worker.step()
    assert await rig.heard("bob") == ["greeting/hello"]
    assert await rig.heard("ann") == []  # not even the thanks: her messages keep their order
    slow.let.set()
    await rig.work()
    assert await rig.heard("ann") == ["track_parcel/where", "thanks/welcome"]
    assert rig.carriers.asked == ["SF1234567890123"]


async def test_each_question_asks_the_carrier_anew(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    for _ in range(2):
        await rig.write("ann", "我的快递到哪了")
        await rig.work()
    assert len(rig.carriers.asked) == 2


async def test_a_carrier_lookup_that_raises_is_told_as_unavailable(rig: Rig) -> None:
    async def fail(parcel: Parcel) -> Parcel:
        raise RuntimeError(f"{parcel.carrier} broke its promise")

    rig.carriers.answer = fail
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    async with asyncio.timeout(20):
        await rig.work()
    assert await rig.heard("ann") == ["track_parcel/where"]


async def test_an_answer_the_database_refuses_is_shelved_and_not_asked_for_ever(
    rig: Rig, address: str
) -> None:
    await poison(address)
    await rig.owns("ann", on_its_way())
    await rig.write("ann", f"我的快递到哪了 {POISON}")
    await rig.write("ann", "你好")
    await rig.work_patiently()
    assert len(await rig.shelf()) == 1
    assert len(rig.carriers.asked) == 1


async def test_news_asked_for_one_message_does_not_answer_a_later_one(rig: Rig) -> None:
    slow = rig.carriers.answer = Slow()
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    await rig.worker.step()
    [waiting] = await rig.database.write_alone(lambda unit: unit.claim(rig.clock(), 1, frozenset()))
    await rig.database.write(lambda unit: unit.finish(waiting.rows, rig.clock()))  # another worker was faster
    slow.let.set()
    await rig.work()
    await rig.write("ann", "我的快递到哪了")
    await rig.work()
    assert len(rig.carriers.asked) == 2
