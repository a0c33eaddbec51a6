"""Money: what was ordered to be paid, what became of it, and every line of its ledger."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Refund, RefundState
from bot.pipeline.payouts import CHANNEL
from bot.store.case_codec import ledger_of, refund_of
from bot.store.codec import order_of
from bot.store.part import Part, of_shop
from bot.store.tables import cases, ledger, orders, outbox, refunds

_AT_ONCE = 500
"""Numbers in one question: SQLite bounds how many a statement may name."""


class Paying(Part):
    """Queries of refunds and their ledger."""

    def refund(self, key: str) -> tuple[Refund, int] | None:
        """Any refund, with the conversation its news belong to."""
        query = (
            select(refunds, cases.c.conversation_id)
            .join(cases, cases.c.number == refunds.c.case_number)
            .where(of_shop(refunds, cases), refunds.c.key == key)
        )
        row = self._run(query).mappings().first()
        return (refund_of(row), row["conversation_id"]) if row else None

    def ordered(self, order: str) -> int | None:
        """The conversation an order to pay belongs to; None when there was none of that key."""
        query = select(outbox.c.conversation_id).where(
            of_shop(outbox), outbox.c.channel == CHANNEL, outbox.c.key == order
        )
        return self._run(query).scalar_one_or_none()

    def refunds(self, state: RefundState | None = None, order: str = "") -> list[Refund]:
        """All, or those of a state, or about one order; oldest first."""
        query = select(refunds).where(of_shop(refunds)).order_by(refunds.c.created_at, refunds.c.key)
        if state:
            query = query.where(refunds.c.state == state.value)
        if order:
            query = query.where(refunds.c.order_number == order)
        return [refund_of(row) for row in self._run(query).mappings()]

    def ledger(self, order_number: str = "") -> list[LedgerLine]:
        """Every line, or those about one order; oldest first."""
        query = select(ledger).where(of_shop(ledger)).order_by(ledger.c.at, ledger.c.key, ledger.c.version)
        if order_number:
            own = select(refunds.c.key).where(of_shop(refunds), refunds.c.order_number == order_number)
            query = query.where(ledger.c.key.in_(own))
        return [ledger_of(row) for row in self._run(query).mappings()]

    def paid(self, order_numbers: Iterable[str]) -> dict[str, Money]:
        """What was paid for each order."""
        numbers = sorted(set(order_numbers))
        found: dict[str, Money] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            query = select(orders).where(
                of_shop(orders), orders.c.number.in_(numbers[start : start + _AT_ONCE])
            )
            for row in self._run(query).mappings():
                found[row["number"]] = order_of(row, ()).paid
        return found
