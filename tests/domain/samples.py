"""Cases and orders the domain's stories are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.calendar import WEEKEND, Calendar
from bot.domain.cases import BACK, MONEY, TALK, Act, Case, Entry, Event, Goods, Kind, Reason, Role, State
from bot.domain.dues import Due
from bot.domain.engine import carry_out
from bot.domain.machine import apply
from bot.domain.money import Money, total
from bot.domain.options import at_fault
from bot.domain.orders import Order, OrderLine
from bot.domain.policy import Policy
from bot.domain.refunds import Refund

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
    minor: int | None = None,
    lines: tuple[int, ...] = (1,),
    number: str = "R1",
) -> Case:
    """What the buyer just applied for."""
    there = goods or (Goods.RECEIVED if kind in BACK else Goods.NOT_RECEIVED)
    asked = (10_000 if kind in MONEY else 0) if minor is None else minor
    case = Case(
        number=number,
        conversation_id=1,
        order_number="A1",
        lines=() if kind in TALK else lines,
        kind=kind,
        state=State.WAIT_SELLER_AGREE,
        goods=there,
        reason=reason,
        amount=cny(asked),
        opened_at=NOW,
        responsibility=at_fault(reason),
    )
    return apply(case, TERMS)[0]


class Story:
    """One case from its beginning, told event by event."""

    def __init__(self, case: Case, policy: Policy = POLICY, bought: Order | None = None) -> None:
        self.case = case
        self.now = NOW
        self.policy = policy
        self.history: list[Entry] = []
        self.refunds: list[Refund] = []
        self.dues: tuple[Due, ...] = ()
        self._order = bought or order()

    def after(self, **passed: float) -> Story:
        """Time passes."""
        self.now += timedelta(**passed)
        return self

    def agent(self, event: Event, words: str = "", *, level: Level = Level.OWNER, **more: Any) -> Story:
        return self._move(Act(event, Role.AGENT, self.now, who="Amy", **_said(event, words), **more), level)

    def buyer(self, event: Event, words: str = "", **more: Any) -> Story:
        return self._move(Act(event, Role.BUYER, self.now, **_said(event, words), **more))

    def carrier(self, event: Event, words: str = "") -> Story:
        return self._move(Act(event, Role.CARRIER, self.now, **_said(event, words)))

    def clock(self) -> Story:
        """The running clock fires, at its time."""
        assert self.case.clock is not None
        assert self.case.due_at is not None
        self.now = self.case.due_at
        return self._move(Act(self.case.clock, Role.CLOCK, self.now))

    @property
    def paid_out(self) -> Money:
        """The money that has left for it."""
        return total((refund.amount for refund in self.refunds), "CNY")

    def _move(self, act: Act, level: Level = Level.OWNER) -> Story:
        book = Book(self._order, (self.case,), tuple(self.refunds))
        seen = replace(act, seen=self.case.version)
        outcome = carry_out(self.case, seen, book, self.policy, level)
        self.case, self.dues = outcome.case, outcome.dues
        self.history.append(outcome.entry)
        self.refunds += [refund for refund, _ in outcome.refunds]
        return self


def _said(event: Event, words: str) -> dict[str, Any]:
    """A waybill where one is to be told, else a reason."""
    return {"waybill" if event in (Event.SHIP_BACK, Event.SEND_GOODS) else "why": words}
