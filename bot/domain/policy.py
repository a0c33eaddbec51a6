"""What the shop grants, by which rule. Every number is the owner's (config.yaml, section `policy`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.domain.calendar import Calendar, end_of_day
from bot.domain.cases import Case, Goods, Kind, Reason, State, Terms
from bot.domain.money import Money, total
from bot.domain.orders import Order

FAULT = frozenset(
    {Reason.QUALITY, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.DAMAGED}
)
"""Reasons where the shop or the carrier, not the buyer, may be at fault."""

_BEFORE_RECEIPT = (Reason.LATE, Reason.NOT_RECEIVED, Reason.CHANGED_MIND, Reason.OTHER)
_AFTER_RECEIPT = (
    Reason.QUALITY,
    Reason.NOT_AS_DESCRIBED,
    Reason.WRONG_ITEM,
    Reason.MISSING_ITEM,
    Reason.DAMAGED,
    Reason.CHANGED_MIND,
    Reason.OTHER,
)
_GOODS_STAY = frozenset({Reason.MISSING_ITEM, Reason.DAMAGED, Reason.OTHER})


class Rule(StrEnum):
    """The rule an answer rests on; worded in ``replies/<lang>/words.yaml``."""

    UNSHIPPED = "unshipped"
    NOT_RECEIVED = "not_received"
    SEVEN_DAYS = "seven_days"
    SEVEN_DAYS_OVER = "seven_days_over"
    SEVEN_DAYS_EXCEPTED = "seven_days_excepted"
    FAULT_WINDOW = "fault_window"
    FAULT_WINDOW_OVER = "fault_window_over"
    UNPAID = "unpaid"
    ALREADY_REFUNDED = "already_refunded"
    OPEN_CASE = "open_case"
    MAY_REVOKE = "may_revoke"
    ASK_SELLER_FIRST = "ask_seller_first"
    LOCKED = "locked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, and the rule it rests on."""

    allowed: bool
    rule: Rule
    until: datetime | None = None
    """When the right ends or ended; None where the rule has no date."""
    case: Case | None = None
    """The case that stands in the way."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The owner's numbers. The defaults are those of the large Chinese marketplaces."""

    shop: Calendar
    """The shop's own hours and closed days."""
    public: Calendar
    """The working days of banks and mediators: whole days."""
    seller_hours_unshipped: int = 48
    seller_hours: int = 72
    return_days: int = 7
    refused_days: int = 5
    confirm_days: int = 10
    no_reason_days: int = 7
    fault_days: int = 15
    no_return_categories: frozenset[str] = frozenset()
    evidence_reasons: frozenset[Reason] = field(default=FAULT)
    bank_days_min: int = 1
    bank_days_max: int = 3
    link_guesses: int = 5
    agent_minutes: int = 120

    @property
    def timezone(self) -> tzinfo:
        """The shop's, in which every deadline is told."""
        return self.shop.timezone

    @property
    def terms(self) -> Terms:
        """The case clocks."""
        return Terms(
            seller_unshipped=timedelta(hours=self.seller_hours_unshipped),
            seller=timedelta(hours=self.seller_hours),
            buyer_return=timedelta(days=self.return_days),
            buyer_refused=timedelta(days=self.refused_days),
            seller_confirm=timedelta(days=self.confirm_days),
        )

    def bank_by(self, at: datetime) -> datetime:
        """The end of the day by which a refund paid now has arrived at the latest, in UTC: the bank's working days."""
        return self.public.after_working_days(at, self.bank_days_max)


def goods_of(order: Order, received: bool) -> Goods:
    """Where the goods are, by the order and the buyer's own word."""
    if not order.shipped:
        return Goods.NOT_SHIPPED
    return Goods.RECEIVED if received else Goods.NOT_RECEIVED


def reasons_for(goods: Goods) -> tuple[Reason, ...]:
    """The reasons that make sense, likeliest first."""
    return _AFTER_RECEIPT if goods is Goods.RECEIVED else _BEFORE_RECEIPT


def kind_for(goods: Goods, reason: Reason) -> Kind:
    """Whether the goods come back: they do when the buyer has them and they are of use to anyone."""
    if goods is Goods.RECEIVED and reason not in _GOODS_STAY:
        return Kind.RETURN_REFUND
    return Kind.REFUND_ONLY


def refund_limit(order: Order, lines: tuple[int, ...], cases: Iterable[Case]) -> Money:
    """The most that can still be refunded on these lines: paid - refunded (or asked for in an open case).

    A case over several lines counts in full against each of them, and the order's own total bounds all: the limit may
    be lower than the truth by that, never higher.
    """
    counted = [case for case in cases if case.order_number == order.number and case.state is not State.CLOSED]
    chosen = order.pick(lines)
    wanted = {line.number for line in chosen}
    paid = total((line.paid for line in chosen), order.currency)
    on_lines = total((case.amount for case in counted if wanted & set(case.lines)), order.currency)
    on_order = total((case.amount for case in counted), order.currency)
    left = min(paid.minor - on_lines.minor, order.paid.minor - on_order.minor)
    return Money(max(left, 0), order.currency)


def may_apply(order: Order, lines: tuple[int, ...], cases: Iterable[Case]) -> Verdict | None:
    """What stands in the way of any application over these lines; None when nothing does."""
    known = tuple(case for case in cases if case.order_number == order.number)
    wanted = {line.number for line in order.pick(lines)}
    for case in known:
        if case.open and wanted & set(case.lines):
            return Verdict(False, Rule.OPEN_CASE, case=case)
    if order.paid_at is None or not order.paid:
        return Verdict(False, Rule.UNPAID)
    if not refund_limit(order, lines, known):
        return Verdict(False, Rule.ALREADY_REFUNDED)
    return None


def may_refund(
    order: Order, lines: tuple[int, ...], goods: Goods, reason: Reason, now: datetime, policy: Policy
) -> Verdict:
    """Whether the right to a refund for this reason still runs (domain facts, section 4: eligibility)."""
    if goods is Goods.NOT_SHIPPED:
        return Verdict(True, Rule.UNSHIPPED)
    if goods is Goods.NOT_RECEIVED:
        window = _with_fault(order, now, policy)
        return Verdict(True, Rule.NOT_RECEIVED) if window.allowed else window
    if reason is Reason.CHANGED_MIND:
        return _without_reason(order, lines, now, policy)
    return _with_fault(order, now, policy)


def may_revoke(case: Case) -> Verdict:
    """Who may take an application back, and when (domain facts, section 5)."""
    if not case.open:
        return Verdict(False, Rule.ENDED, case=case)
    if case.locked:
        return Verdict(False, Rule.LOCKED, case=case)
    if case.state in (State.WAIT_SELLER_AGREE, State.SELLER_REFUSE_BUYER):
        return Verdict(True, Rule.MAY_REVOKE, case=case)
    return Verdict(False, Rule.ASK_SELLER_FIRST, case=case)


def _without_reason(order: Order, lines: tuple[int, ...], now: datetime, policy: Policy) -> Verdict:
    if any(line.category in policy.no_return_categories for line in order.pick(lines)):
        return Verdict(False, Rule.SEVEN_DAYS_EXCEPTED)
    if order.signed_at is None:
        return Verdict(True, Rule.SEVEN_DAYS)
    until = _end_of_day(order.signed_at, policy.no_reason_days, policy.timezone)
    over = _is_over(until, now)
    return Verdict(not over, Rule.SEVEN_DAYS_OVER if over else Rule.SEVEN_DAYS, until)


def _with_fault(order: Order, now: datetime, policy: Policy) -> Verdict:
    if order.completed_at is None:
        return Verdict(True, Rule.FAULT_WINDOW)
    until = _end_of_day(order.completed_at, policy.fault_days, policy.timezone)
    over = _is_over(until, now)
    return Verdict(not over, Rule.FAULT_WINDOW_OVER if over else Rule.FAULT_WINDOW, until)


def _end_of_day(start: datetime, days: int, timezone: tzinfo) -> datetime:
    """The last second of the day `days` after `start`'s own day: the first day counted is the day after."""
    return end_of_day(start.astimezone(timezone).date() + timedelta(days=days), timezone)


def _is_over(until: datetime, now: datetime) -> bool:
    """True once that whole second has passed."""
    return now.astimezone(UTC) >= until.astimezone(UTC) + timedelta(seconds=1)
