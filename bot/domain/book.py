"""What an order's money has come to: paid, asked for, refunded. The bound of everything that leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.cases import Case, State
from bot.domain.money import Money, total
from bot.domain.orders import Order
from bot.domain.refunds import Purpose, Refund


@dataclass(frozen=True, slots=True)
class Book:
    """An order with all its cases and refunds."""

    order: Order
    cases: tuple[Case, ...] = ()
    refunds: tuple[Refund, ...] = ()

    @classmethod
    def of(cls, order: Order, cases: Iterable[Case], refunds: Iterable[Refund] = ()) -> Book:
        """Those of the given that are this order's."""
        return cls(
            order,
            tuple(case for case in cases if case.order_number == order.number),
            tuple(refund for refund in refunds if refund.order_number == order.number),
        )

    def left(self, lines: tuple[int, ...] = (), besides: str = "") -> Money:
        """The most that can still be refunded on these lines (all for none): paid - refunded - asked for in open cases.

        A case over several lines counts in full against each of them, and the order's own total bounds all: the bound
        may be lower than the truth by that, never higher. `besides` is a case that is not counted: the one that asks.
        """
        chosen = self.order.pick(lines)
        wanted = {line.number for line in chosen}
        counted = [case for case in self.cases if case.number != besides and case.state is not State.CLOSED]
        on_lines = self._sum(case for case in counted if wanted & set(case.lines))
        paid = total((line.paid for line in chosen), self.order.currency)
        left = min(paid.minor - on_lines.minor, self.order.paid.minor - self._sum(counted).minor)
        return Money(max(left, 0), self.order.currency)

    def returned(self) -> Money:
        """What has left of the price so far, or is ordered to."""
        of_price = (one.amount for one in self.refunds if one.counts and one.purpose is Purpose.PRICE)
        return total(of_price, self.order.currency)

    def _sum(self, cases: Iterable[Case]) -> Money:
        return total((self._counted(case) for case in cases), self.order.currency)

    def _counted(self, case: Case) -> Money:
        """What an open case asks for; once it is over, what was really ordered to be paid."""
        paid = [one for one in self.refunds if one.case == case.number and one.purpose is Purpose.PRICE]
        if case.open or not paid:
            return case.amount
        return total((one.amount for one in paid if one.counts), self.order.currency)
