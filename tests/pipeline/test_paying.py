"""Money leaves once: whatever the payment service does, whoever is killed, and however many press the button."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.domain.decision import PayOut, Recall
from bot.errors import StoreError
from bot.pipeline.arrivals import Arrival
from bot.pipeline.payouts import CHANNEL, order_to_pay
from bot.pipeline.shop import Shop
from bot.pipeline.turns import Outturn
from tests.doubles.payment_service import PaymentService, Reply
from tests.pipeline.paying import Paying
from tests.pipeline.rig import Rig
from tests.stores import rows


@pytest.fixture
async def paying(rig: Rig) -> AsyncIterator[Paying]:
    async with Paying.open(rig) as opened:
        yield opened
        assert opened.service.violations == []
        assert await rig.shelf() == []


@pytest.fixture
def service(paying: Paying) -> PaymentService:
    return paying.service


async def orders(paying: Paying) -> list[tuple[str, str]]:
    """Key and state of each order to pay."""
    found = await rows(paying.rig.database, "outbox")
    return [(row["key"], row["state"]) for row in found if row["channel"] == CHANNEL]


# -- one payment


async def test_a_granted_refund_is_ordered_paid_and_told(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed()
    assert (await paying.state(key), await orders(paying)) == ("created", [(key, "queued")])
    await paying.send()
    assert (await paying.state(key), await orders(paying)) == ("sent", [(key, "sent")])
    assert await paying.told("case/paid") == 0, "it was taken, and is not paid yet"
    assert await service.call_back(key, "succeeded") == 202
    await paying.rig.work()
    done = await paying.refund(key)
    assert (done.state.value, done.reference) == ("done", f"P-{key}-1")
    assert [line.act.event.value for line in await paying.ledger(key)] == ["create", "send", "succeed"]
    assert (service.paid(key), await paying.told("case/paid")) == (1, 1)


async def test_the_order_says_how_much_for_what(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed()
    await paying.send()
    refund = await paying.refund(key)
    assert service.payments == [
        {
            "key": key,
            "attempt": 1,
            "idempotency_key": key,
            "amount": "329.00",
            "amount_minor": 32_900,
            "currency": "CNY",
            "order_number": "2600018001",
            "case_number": refund.case,
            "purpose": "price",
            "created_at": refund.created_at.isoformat(),
        }
    ]


async def test_an_order_to_pay_reads_the_same_however_often_it_is_made(paying: Paying) -> None:
    refund = await paying.refund(await paying.owed())
    [row] = [row for row in await rows(paying.rig.database, "outbox") if row["channel"] == CHANNEL]
    assert row["payload"]["text"] == order_to_pay(PayOut(refund, paying.rig.clock())).text


@pytest.mark.parametrize(
    ("event", "state"), [("succeeded", "done"), ("failed", "failed"), ("accepted", "sent")]
)
async def test_the_answer_may_already_say_what_became_of_it(
    paying: Paying, service: PaymentService, event: str, state: str
) -> None:
    key = await paying.owed()
    service.next = [Reply(body={"event": event, "reference": "P1", "reason": "account closed"})]
    await paying.send()
    assert await paying.state(key) == state


# -- a service in trouble

TROUBLES = {
    "429": [Reply.status(429, **{"Retry-After": "7"})],
    "425": [Reply.status(425)],
    "408": [Reply.status(408)],
    "500 thrice": [Reply.status(500)] * 3,
    "503 after it paid": [Reply(code=503)],
    "moved elsewhere": [Reply.status(302, Location="/elsewhere")],
    "drops before it pays": [Reply.drop(pays=False)],
    "drops after it paid": [Reply.drop()],
    "drops after it paid, twice": [Reply.drop(), Reply.drop()],
    "429, drop, 502": [Reply.status(429), Reply.drop(), Reply.status(502)],
    "odd answer": [Reply(code=200, body=["?"])],
    "answers about another order": [Reply(code=200, body={"key": "refund:X", "event": "failed"})],
    "calls back before it answers": [Reply(calls=("succeeded",))],
    "calls back twice, then drops": [Reply(calls=("succeeded", "succeeded"), drops=True)],
    "calls back that it failed, then that it was paid": [Reply(calls=("failed", "succeeded"))],
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_money_leaves_once_and_the_shop_knows(
    paying: Paying, service: PaymentService, trouble: str
) -> None:
    key = await paying.owed()
    service.next = list(TROUBLES[trouble])
    await paying.send_patiently()
    assert service.next == []
    assert await service.call_back(key, "succeeded") == 202
    assert await service.call_back(key, "succeeded") == 202
    await paying.rig.work()
    assert service.paid(key) == 1
    assert await paying.state(key) == "done"
    assert await paying.told("case/paid") == 1
    assert sum(line.end.value == "done" for line in await paying.ledger(key)) == 1


async def test_who_asks_to_wait_is_asked_again_then(paying: Paying, service: PaymentService) -> None:
    await paying.owed()
    service.next = [Reply.status(429, **{"Retry-After": "7"})]
    await paying.send()
    paying.rig.clock.advance(seconds=6.9)
    await paying.send()
    assert service.requests == 1
    paying.rig.clock.advance(seconds=0.1)
    await paying.send()
    assert (service.requests, len(service.payments)) == (2, 1)


async def test_a_service_that_can_not_be_reached_is_tried_until_it_can(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    there, paying.channel._url = paying.channel._url, "http://127.0.0.1:9/pay"
    await paying.send_patiently()
    assert await orders(paying) == [(key, "queued")]
    paying.channel._url = there
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "sent")


async def test_an_answer_that_can_not_be_stored_is_asked_for_again(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    take = paying.channel._take

    async def broken(_: object) -> None:
        raise OSError("disk full")

    paying.channel._take = broken
    await paying.send()
    assert (await paying.state(key), await orders(paying)) == ("created", [(key, "queued")])
    paying.channel._take = take
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "sent")


# -- killed


@pytest.mark.parametrize(
    "moment", ["before the answer", "before the answer is stored", "before the row is marked"]
)
async def test_killed_while_an_order_is_posted_it_is_paid_once(
    paying: Paying, service: PaymentService, moment: str
) -> None:
    key = await paying.owed()
    reached, never = asyncio.Event(), asyncio.Event()
    take = paying.channel._take

    async def stops(arrivals: Sequence[Arrival]) -> None:
        if moment == "before the row is marked":
            await take(arrivals)
        reached.set()
        await never.wait()

    if moment == "before the answer":
        service.next = [Reply(waits=True)]
    else:
        paying.channel._take = stops
    sender = paying.sender()
    await sender.step()
    [task] = sender._under_way
    if moment == "before the answer":
        await service.holding.wait()
    else:
        await reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    paying.channel._take = take
    await paying.killed()
    await paying.send_patiently()
    again = moment != "before the row is marked"
    assert (service.requests, service.paid(key), await paying.state(key)) == (1 + again, 1, "sent")
    assert [line.act.event.value for line in await paying.ledger(key)] == ["create", "send"]


# -- failed


async def test_what_the_service_refuses_is_told_to_the_desk_and_can_be_tried_again(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply.status(422, {"reason": "account\nclosed"})]
    await paying.send()
    failed = await paying.refund(key)
    assert (failed.state.value, failed.problem) == ("failed", "account closed")
    assert (await paying.told("desk/payment_failed"), await paying.told("case/paid")) == (1, 0)
    await paying.does("小周", "retry", key)
    await paying.send()
    assert await orders(paying) == [(key, "failed"), (f"{key}#2", "sent")]
    assert [order["attempt"] for order in service.payments] == [2]
    assert await service.call_back(key, "succeeded", attempt=2) == 202
    await paying.rig.work()
    assert (service.paid(key), await paying.state(key)) == (1, "done")


async def test_a_refusal_after_a_try_without_an_answer_proves_nothing_so_a_person_looks(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply.drop(), Reply.status(403, {"reason": "key expired"})]
    await paying.send_patiently()
    assert await paying.state(key) == "sent"
    assert (await paying.told("desk/payment_in_doubt"), await paying.told("desk/payment_failed")) == (1, 0)
    await paying.does("小周", "retry", key)
    assert await paying.state(key) == "sent", "nothing is ordered anew while it may have been paid"
    await paying.does("小周", "succeed", key, "seen in the service's list")
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "done")


async def test_a_refusal_in_the_services_own_words_is_believed_whatever_came_before(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [
        Reply.drop(pays=False),
        Reply.status(422, {"key": key, "event": "failed", "reason": "no"}),
    ]
    await paying.send_patiently()
    assert (await paying.state(key), service.paid(key)) == ("failed", 0)


async def test_a_refusal_because_it_was_paid_already_is_believed(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply(code=422, body={"event": "succeeded", "reference": "P1"})]
    await paying.send()
    assert (await paying.state(key), (await paying.refund(key)).reference) == ("done", "P1")


async def test_news_of_an_earlier_try_that_was_paid_after_all_stop_the_next_one(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply(calls=("failed",))]
    await paying.send()
    await paying.does("小周", "retry", key)
    assert await orders(paying) == [(key, "sent"), (f"{key}#2", "queued")]
    await service.call_back(key, "succeeded")
    await paying.rig.work()
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "done")
    assert await orders(paying) == [(key, "sent"), (f"{key}#2", "withdrawn")]


async def test_a_payment_nobody_expects_any_more_is_told_to_the_desk(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply.status(422)]
    await paying.send()
    await paying.does("小周", "cancel", key, "paid in the shop")
    await service.call_back(key, "succeeded")
    await paying.rig.work()
    assert await paying.state(key) == "cancelled"
    assert (await paying.told("desk/payment_unexpected"), await paying.told("case/paid")) == (1, 0)


async def test_a_callback_about_a_try_that_is_over_changes_nothing(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    service.next = [Reply.status(422)]
    await paying.send()
    await paying.does("小周", "retry", key)
    await service.call_back(key, "failed", attempt=1)
    await paying.rig.work()
    assert (await paying.state(key), (await paying.refund(key)).tries) == ("created", 2)


# -- people


async def test_above_the_limit_two_people_approve_and_nothing_leaves_before(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed(released=False)
    await paying.send_patiently()
    assert (await orders(paying), service.requests) == ([], 0)
    assert await service.call_back(key, "succeeded") == 404, "nobody has ordered it yet"
    await paying.does("老板", "approve", key)
    await paying.send()
    assert (service.paid(key), (await paying.refund(key)).approved) == (1, ("web:小周", "web:老板"))


async def test_the_same_person_is_not_two(paying: Paying) -> None:
    key = await paying.owed(released=False)
    await paying.does("小周", "approve", key)
    assert (await orders(paying), (await paying.refund(key)).approved) == ([], ("web:小周",))
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
    assert (await paying.state(key), await orders(paying), service.requests) == (
        "cancelled",
        [(key, "withdrawn")],
        0,
    )


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
    assert await orders(paying) == [(key, "sending")]


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
