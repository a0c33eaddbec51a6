"""Cases and orders the domain's stories are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from bot.domain.calendar import WEEKEND, Calendar
from bot.domain.cases import Case, Entry, Event, Goods, Kind, Reason, Role, State, apply, move
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.policy import Policy

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


def policy_in(timezone: tzinfo) -> Policy:
    """The default numbers, of a shop in this time zone."""
    return Policy(Calendar(timezone, time(9), time(21)), Calendar(timezone, closed_on=WEEKEND))


POLICY = policy_in(UTC)
TERMS = POLICY.terms
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def order(*paid: int, category: str = "shoes") -> Order:
    """Paid three days ago; a line for each amount."""
    lines = tuple(
        OrderLine(number, f"S{number}", f"鞋 {number}", 1, cny(minor), category)
        for number, minor in enumerate(paid or (10_000,), 1)
    )
    return Order("A1", "CNY", NOW - 3 * DAY, paid_at=NOW - 3 * DAY, lines=lines)


def fresh(
    kind: Kind = Kind.RETURN_REFUND,
    goods: Goods | None = None,
    *,
    reason: Reason = Reason.QUALITY,
    minor: int = 10_000,
    lines: tuple[int, ...] = (1,),
    number: str = "R1",
) -> Case:
    """What the buyer just applied for."""
    there = goods or (Goods.RECEIVED if kind is Kind.RETURN_REFUND else Goods.NOT_RECEIVED)
    case = Case(number, 1, "A1", lines, kind, State.WAIT_SELLER_AGREE, there, reason, cny(minor), NOW)
    return apply(case, TERMS)[0]


class Story:
    """One case from its beginning, told event by event."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.now = NOW
        self.history: list[Entry] = []

    def after(self, **passed: float) -> Story:
        """Time passes."""
        self.now += timedelta(**passed)
        return self

    def agent(self, event: Event, why: str = "") -> Story:
        return self._move(event, Role.AGENT, why)

    def buyer(self, event: Event) -> Story:
        return self._move(event, Role.BUYER, "")

    def clock(self) -> Story:
        """The running clock fires, at its time."""
        assert self.case.clock is not None
        assert self.case.due_at is not None
        self.now = self.case.due_at
        return self._move(self.case.clock, Role.CLOCK, "")

    @property
    def paid_out(self) -> Money:
        """The money that has left for it."""
        return self.case.amount if self.case.state is State.SUCCESS else replace(self.case.amount, minor=0)

    def _move(self, event: Event, by: Role, why: str) -> Story:
        self.case, entry = move(self.case, event, by, self.now, TERMS, seen=self.case.version, why=why)
        self.history.append(entry)
        return self
