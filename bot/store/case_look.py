"""Looking at cases, whoever's: what an owner asks for by number, and what is open."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.cases import ENDED, Case, State
from bot.domain.refunds import Refund
from bot.store.case_codec import case_of, refund_of
from bot.store.part import Part, holds, of_shop
from bot.store.tables import cases, refunds

_ENDED = [state.value for state in ENDED]
OPEN = ~holds(cases.c.state, State.SUCCESS, State.CLOSED)
"""Cases that have not ended, as their index has it."""


class CaseLook(Part):
    """Queries over all cases."""

    def case(self, number: str) -> Case | None:
        """The case of that number, in whatever letters it is written."""
        query = select(cases).where(of_shop(cases), cases.c.number == number.upper())
        row = self._run(query).mappings().first()
        return case_of(row) if row else None

    def all_cases(self, *, ended: bool, limit: int = 200) -> list[Case]:
        """Open cases by deadline, soonest first; with those that have ended behind them, newest first."""
        query = select(cases).where(of_shop(cases), OPEN).order_by(cases.c.due_at, cases.c.number)
        found = [case_of(row) for row in self._run(query.limit(limit)).mappings()]
        if ended:
            over = (
                select(cases)
                .where(of_shop(cases), cases.c.state.in_(_ENDED))
                .order_by(cases.c.opened_at.desc())
            )
            rows = self._run(over.limit(max(limit - len(found), 0))).mappings()
            found += [case_of(row) for row in rows]
        return found

    def cases_over(self, order_number: str) -> list[Case]:
        """All there ever were over this order, newest first."""
        query = (
            select(cases)
            .where(of_shop(cases), cases.c.order_number == order_number)
            .order_by(cases.c.opened_at.desc(), cases.c.number.desc())
        )
        return [case_of(row) for row in self._run(query).mappings()]

    def refunds_of(self, case_number: str) -> list[Refund]:
        """The money of a case, first ordered first."""
        query = (
            select(refunds)
            .where(of_shop(refunds), refunds.c.case_number == case_number)
            .order_by(refunds.c.created_at, refunds.c.key)
        )
        return [refund_of(row) for row in self._run(query).mappings()]
