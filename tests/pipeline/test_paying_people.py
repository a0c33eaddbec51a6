"""Money and people: who must approve it, who may call it off, and paying by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.decision import Recall
from bot.errors import StoreError
from bot.pipeline.payouts import CHANNEL
from bot.pipeline.shop import Shop
from bot.pipeline.turns import Outturn
from tests.doubles.payment_service import PaymentService, Reply
from tests.pipeline.paying import Paying
from tests.pipeline.rig import Rig
from tests.stores import rows


async def test_above_the_limit_two_people_approve_and_nothing_leaves_before(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed(released=False)
    await paying.send_patiently()
    assert (await paying.orders(), service.requests) == ([], 0)
    assert await service.call_back(key, "succeeded") == 404, "nobody has ordered it yet"
    await paying.does("老板", "approve", key)
    await paying.send()
    assert (service.paid(key), (await paying.refund(key)).approved) == (1, ("console:小周", "console:老板"))


async def test_the_same_person_is_not_two(paying: Paying) -> None:
    key = await paying.owed(released=False)
    await paying.does("小周", "approve", key)
    assert (await paying.orders(), (await paying.refund(key)).approved) == ([], ("console:小周",))
    assert await paying.told("desk/refund_not_possible") == 1


async def test_approved_by_three_at_once_it_is_ordered_once(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed(released=False)
    for agent in ("老板", "小王", "小李"):
        await paying.put(agent, "approve", key)
    await paying.rig.work()
    await paying.send_patiently()
    assert (service.paid(key), service.requests) == (1, 1)


async def test_called_off_before_it_was_sent_it_never_leaves(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed()
    await paying.does("小周", "cancel", key, "the buyer keeps it")
    await paying.send_patiently()
    assert (await paying.state(key), await paying.orders(), service.requests) == (
        "cancelled",
        [(key, "withdrawn")],
        0,
    )


async def test_money_that_is_called_off_is_told_to_who_was_waiting_for_it(paying: Paying) -> None:
    key = await paying.owed(released=False)
    await paying.does("小周", "cancel", key, "已经线下转账")
    assert (await paying.state(key), await paying.told("case/payment_called_off")) == ("cancelled", 1)


@pytest.mark.parametrize("what", ["cancel", "succeed", "fail"])
async def test_what_may_have_been_paid_is_neither_called_off_nor_paid_by_hand(
    paying: Paying, service: PaymentService, what: str
) -> None:
    key = await paying.owed()
    service.next = [Reply.drop()]
    await paying.send()
    await paying.does("小周", what, key, "why not")
    assert (await paying.state(key), await paying.told("desk/refund_on_its_way")) == ("created", 1)
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "sent")


async def test_an_order_that_only_waits_for_the_service_can_still_be_called_off(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply.status(429)]
    await paying.send()
    await paying.does("小周", "cancel", key, "the buyer keeps it")
    await paying.send_patiently()
    assert (await paying.state(key), service.paid(key)) == ("cancelled", 0)


async def test_what_the_sender_took_meanwhile_is_not_called_off(paying: Paying) -> None:
    """The store's own fence: the flow saw the order in the queue, the sender has taken it since."""
    key = await paying.owed()
    await paying.rig.database.write(lambda unit: unit.lease(paying.rig.clock(), [CHANNEL], 1))
    conversation = await paying.rig.conversation("ann")
    turn = Outturn((), conversation, conversation, (Recall(key),))
    with pytest.raises(StoreError, match="went to whoever pays meanwhile"):
        await paying.rig.database.write(lambda unit: unit.commit([turn], paying.rig.clock()))
    assert await paying.orders() == [(key, "sending")]


# -- by hand


async def test_paid_by_two_agents_at_once_it_is_booked_once(rig: Rig) -> None:
    async with Paying.open(rig) as paying:
        paying.rig.shop = by_hand(rig)
        key = await paying.owed()
        await paying.put("小周", "succeed", key, "W1")
        await paying.put("小王", "succeed", key, "W2")
        await rig.work()
        refund = await paying.refund(key)
        assert (refund.state.value, refund.reference) == ("done", "W1")
        assert (await paying.told("desk/refund_moved"), await paying.told("desk/refund_not_possible")) == (
            1,
            1,
        )
        assert await paying.told("case/paid") == 1
        assert paying.service.requests == 0


async def test_by_hand_the_desk_is_asked_to_transfer_and_says_so_with_one_tap(rig: Rig) -> None:
    async with Paying.open(rig) as paying:
        paying.rig.shop = by_hand(rig)
        key = await paying.owed()
        [post] = [row for row in await rows(rig.database, "lines") if row["reply"] == "desk/pay"]
        assert [data for _, data in post["buttons"]] == [f"desk|act|succeed:{key}:1"]
        await paying.does("小周", "succeed", key, version=1)
        assert await paying.state(key) == "done"


def by_hand(rig: Rig) -> Shop:
    return replace(rig.shop, policy=replace(rig.shop.policy, pays_itself=False))
