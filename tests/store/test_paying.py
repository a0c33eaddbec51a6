"""What the store says of money: refunds, their ledger, and which orders to pay somebody may have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.conversation import Conversation
from bot.domain.decision import PayOut, Recall
from bot.domain.ledger import problems
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Refund, RefundAct, RefundEvent, RefundState
from bot.errors import StoreError
from bot.pipeline.deliveries import Outcome, Settled
from bot.pipeline.payouts import CHANNEL, order_to_pay
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from tests.granted import NOW, grant, happens
from tests.stores import rows

DONE = (RefundEvent.SEND, RefundEvent.SUCCEED)


async def granted(database: SqlDatabase, number: str = "R1", order: str = "A1") -> Refund:
    return await database.write(lambda unit: grant(unit, number, order))


async def ordered(database: SqlDatabase) -> Refund:
    """A refund whose order to pay is in the queue."""
    refund = await granted(database)
    conversation = await of(database, refund)
    draft = order_to_pay(PayOut(refund, NOW))
    turn = Outturn((), conversation, conversation, drafts=(draft,))
    await database.write(lambda unit: unit.commit([turn], NOW))
    return refund


async def of(database: SqlDatabase, refund: Refund) -> Conversation:
    found = await database.read(lambda unit: unit.refund(refund.key))
    assert found
    conversation = await database.read(lambda unit: unit.conversation(found[1]))
    assert conversation
    return conversation


async def on_their_way(database: SqlDatabase, refund: Refund) -> frozenset[str]:
    number = (await of(database, refund)).id
    return (await database.read(lambda unit: unit.known([number])))[number].on_their_way


async def recall(database: SqlDatabase, refund: Refund, *, answered: bool = False) -> None:
    conversation = await of(database, refund)
    turn = Outturn((), conversation, conversation, (Recall(refund.order_to_pay, answered),))
    await database.write(lambda unit: unit.commit([turn], NOW))


async def settle(database: SqlDatabase, outcome: Outcome, *, uncertain: bool = False) -> None:
    """The sender takes the order, and this comes of it."""
    [delivery] = await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1))
    settled = Settled(delivery.id, outcome, retry_at=NOW, uncertain=uncertain)
    await database.write(lambda unit: unit.settle([settled], NOW))


async def state_of_order(database: SqlDatabase) -> str:
    [row] = await rows(database, "outbox")
    return str(row["state"])


async def test_refunds_are_found_by_key_and_state_with_their_conversation(database: SqlDatabase) -> None:
    first = await granted(database)
    second = await granted(database, "R2", "A2")
    done = await database.write(lambda unit: happens(unit, second, *DONE, reference="P1"))
    assert await database.read(lambda unit: unit.refunds()) == [first, done]
    assert await database.read(lambda unit: unit.refunds(RefundState.DONE)) == [done]
    assert await database.read(lambda unit: unit.refund(second.key)) == (done, (await of(database, done)).id)
    assert await database.read(lambda unit: unit.refund("refund:R9")) is None


async def test_the_ledger_is_told_in_order_whole_or_of_one_order(database: SqlDatabase) -> None:
    first = await granted(database)
    await granted(database, "R2", "A2")
    done = await database.write(lambda unit: happens(unit, first, *DONE, reference="P1"))
    whole = await database.read(lambda unit: unit.ledger())
    assert [(line.key, line.version) for line in whole] == [
        ("refund:R1", 1),
        ("refund:R2", 1),
        ("refund:R1", 2),
        ("refund:R1", 3),
    ]
    act = RefundAct(
        RefundEvent.SUCCEED, NOW + timedelta(hours=2), who="console:小周", reference="P1", why="why"
    )
    assert whole[-1] == LedgerLine("refund:R1", 3, act, RefundState.SENT, RefundState.DONE, done.amount)
    assert await database.read(lambda unit: unit.ledger("A1")) == [
        line for line in whole if line.key == "refund:R1"
    ]


async def test_what_was_paid_is_told_of_each_order(database: SqlDatabase) -> None:
    await granted(database)
    await granted(database, "R2", "A2")
    numbers = ["A1", "A2", "A9", *(f"B{n}" for n in range(1_200))]
    assert await database.read(lambda unit: unit.paid(numbers)) == dict.fromkeys(
        ("A1", "A2"), Money(5_990, "CNY")
    )


async def test_what_the_store_keeps_adds_up(database: SqlDatabase) -> None:
    def live(unit: Unit) -> None:
        happens(unit, grant(unit, "R1", "A1"), *DONE)
        happens(unit, grant(unit, "R2", "A2"), RefundEvent.FAIL, RefundEvent.RETRY, *DONE)
        happens(unit, grant(unit, "R3", "A3", two_from=1_000), RefundEvent.CANCEL)
        grant(unit, "R4", "A4")

    await database.write(live)
    refunds = await database.read(lambda unit: unit.refunds())
    lines = await database.read(lambda unit: unit.ledger())
    paid = await database.read(lambda unit: unit.paid(["A1", "A2", "A3", "A4"]))
    assert list(problems(refunds, lines, paid)) == []


# -- orders to pay


async def test_an_order_in_the_queue_is_called_off(database: SqlDatabase) -> None:
    refund = await ordered(database)
    assert await on_their_way(database, refund) == frozenset()
    await recall(database, refund)
    assert await state_of_order(database) == "withdrawn"
    assert await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1)) == []
    assert await on_their_way(database, refund) == frozenset()


async def test_an_order_the_service_asked_to_bring_later_is_still_called_off(database: SqlDatabase) -> None:
    refund = await ordered(database)
    await settle(database, Outcome.RETRY)
    assert await on_their_way(database, refund) == frozenset()
    await recall(database, refund)
    assert await state_of_order(database) == "withdrawn"


@pytest.mark.parametrize("met", ["being sent", "no answer", "sent", "refused"])
async def test_an_order_somebody_may_have_is_not_called_off(database: SqlDatabase, met: str) -> None:
    refund = await ordered(database)
    if met == "being sent":
        await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1))
    else:
        outcomes = {"no answer": Outcome.RETRY, "sent": Outcome.SENT, "refused": Outcome.FAILED}
        await settle(database, outcomes[met], uncertain=met == "no answer")
    before = await state_of_order(database)
    assert await on_their_way(database, refund) == {refund.key}
    with pytest.raises(StoreError):
        await recall(database, refund)
    assert await state_of_order(database) == before


async def test_an_answered_order_is_not_sent_again_and_its_senders_mark_comes_too_late(
    database: SqlDatabase,
) -> None:
    refund = await ordered(database)
    [delivery] = await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1))
    await recall(database, refund, answered=True)
    again = Settled(delivery.id, Outcome.RETRY, retry_at=NOW, uncertain=True)
    await database.write(lambda unit: unit.settle([again], NOW))
    assert await state_of_order(database) == "withdrawn"


async def test_where_nothing_was_ordered_there_is_nothing_to_call_off(database: SqlDatabase) -> None:
    await recall(database, await granted(database))
    assert await rows(database, "outbox") == []


async def test_an_order_to_pay_is_known_by_its_key_with_its_conversation(database: SqlDatabase) -> None:
    refund = await ordered(database)
    number = (await of(database, refund)).id
    assert await database.read(lambda unit: unit.ordered(refund.order_to_pay)) == number
    assert await database.read(lambda unit: unit.ordered("refund:R1#2")) is None


async def test_a_delivery_says_how_often_it_may_have_arrived(database: SqlDatabase) -> None:
    await ordered(database)
    await settle(database, Outcome.RETRY, uncertain=True)
    await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1))
    await database.write(lambda unit: unit.release_leases(NOW, everyone=True))
    [delivery] = await database.write(lambda unit: unit.lease(NOW, [CHANNEL], 1))
    assert (delivery.uncertain, delivery.attempts) == (2, 3)
