"""The proof of the money: what was agreed to has left once, nothing else has, and the ledger says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.ledger import problems
from bot.domain.money import Money
from bot.domain.refunds import RefundState
from bot.flows.payment import PAID
from tests.crash.record import Record
from tests.crash.world import World


@dataclass(frozen=True, slots=True)
class Books:
    """The shop's, beside the payment service's."""

    record: Record
    world: World

    def violations(self) -> Iterator[str]:
        """What does not add up."""
        yield from self._granted()
        yield from problems(self.record.refunds, self.record.ledger, self.record.paid)
        yield from self._left()
        yield from self._orders_to_pay()
        yield from self._told()

    def _granted(self) -> Iterator[str]:
        """Each case that was agreed to is refunded once, with what it was agreed for, and no other is."""
        owed = Counter(
            (case["number"], Money(case["amount"], case["currency"]))
            for case in self.record.cases
            if case["state"] == "SUCCESS"
        )
        granted = Counter((refund.case, refund.amount) for refund in self.record.refunds)
        yield from (f"case {number}: {amount} is owed and not refunded" for number, amount in owed - granted)
        yield from (f"case {number}: {amount} is refunded and not owed" for number, amount in granted - owed)

    def _left(self) -> Iterator[str]:
        """The service has paid each refund once, with its amount, and the shop knows it."""
        left = Counter(
            (order["key"], Money(order["amount_minor"], order["currency"])) for order in self.world.paid
        )
        granted = Counter((refund.key, refund.amount) for refund in self.record.refunds)
        yield from (f"{key}: {amount} was never paid" for key, amount in granted - left)
        yield from (f"{key}: {amount} was paid, and that was too much" for key, amount in left - granted)
        yield from (
            f"{refund.key} is {refund.state.value} in the end: {refund.problem}"
            for refund in self.record.refunds
            if refund.state is not RefundState.DONE
        )

    def _orders_to_pay(self) -> Iterator[str]:
        """One for each refund, and none waits: it was answered, or called in before that."""
        ordered = Counter(row["key"] for row in self.record.orders_to_pay)
        if ordered != Counter(refund.order_to_pay for refund in self.record.refunds):
            yield f"orders to pay {ordered} are not those of the refunds"
        for row in self.record.orders_to_pay:
            if row["state"] not in ("sent", "withdrawn"):
                yield f"order to pay {row['key']} is {row['state']}: {row['error']}"

    def _told(self) -> Iterator[str]:
        """Buyers hear of each payment once."""
        buyers = {case["number"]: case["conversation_id"] for case in self.record.cases}
        wanted = Counter(buyers[refund.case] for refund in self.record.refunds)
        told = Counter(line["conversation_id"] for line in self.record.lines if line["reply"] == PAID.name)
        if told != wanted:
            yield f"of payments conversations were told {told}, not {wanted}"
