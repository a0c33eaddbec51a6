"""Money leaves once: whatever the payment service does, whoever is killed, and however many press the button."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.decision import PayOut
from bot.pipeline.arrivals import Arrival
from bot.pipeline.payouts import CHANNEL, order_to_pay
from tests.doubles.payment_service import PaymentService, Reply
from tests.pipeline.paying import Paying
from tests.stores import rows

# -- one payment


async def test_a_granted_refund_is_ordered_paid_and_told(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed()
    assert (await paying.state(key), await paying.orders()) == ("created", [(key, "queued")])
    await paying.send()
    assert (await paying.state(key), await paying.orders()) == ("sent", [(key, "sent")])
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
    assert await paying.orders() == [(key, "queued")]
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
    assert (await paying.state(key), await paying.orders()) == ("created", [(key, "queued")])
    paying.channel._take = take
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "sent")


async def test_what_nobody_foresaw_is_tried_again_and_never_given_up(
    paying: Paying, service: PaymentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await paying.owed()
    with monkeypatch.context() as patch:
        patch.setattr("bot.channels.payout.channel.signed", lambda *_: 1 / 0)
        for _ in range(20):
            await paying.send()
            paying.rig.clock.advance(minutes=2)
        assert (await paying.state(key), await paying.orders()) == ("created", [(key, "queued")])
    await paying.send()
    assert (await paying.state(key), service.paid(key)) == ("sent", 1)


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
    assert await paying.orders() == [(key, "failed"), (f"{key}#2", "sent")]
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
    assert await paying.orders() == [(key, "sent"), (f"{key}#2", "queued")]
    await service.call_back(key, "succeeded")
    await paying.rig.work()
    await paying.send_patiently()
    assert (service.paid(key), await paying.state(key)) == (1, "done")
    assert await paying.orders() == [(key, "sent"), (f"{key}#2", "withdrawn")]


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
