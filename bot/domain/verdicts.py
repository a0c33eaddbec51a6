"""What the rules say to a wish: yes or no, which rule that rests on, and step by step how it came to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.domain.book import Book
from bot.domain.calendar import end_of_day
from bot.domain.cases import Case, Event, Goods, Kind, Phase, Reason, Role, State
from bot.domain.machine import possible
from bot.domain.orders import Order
from bot.domain.policy import Policy

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
    PAID = "paid"
    UNPAID = "unpaid"
    NOT_YET_REFUNDED = "not_yet_refunded"
    ALREADY_REFUNDED = "already_refunded"
    NO_OPEN_CASE = "no_open_case"
    OPEN_CASE = "open_case"
    MAY_REVOKE = "may_revoke"
    ASK_SELLER_FIRST = "ask_seller_first"
    ON_ITS_WAY = "on_its_way"
    MAY_CHANGE = "may_change"
    CHANGE_TOO_LATE = "change_too_late"
    MAY_DISPUTE = "may_dispute"
    REFUSED_FIRST = "refused_first"
    PRICE_PROTECTION = "price_protection"
    LOCKED = "locked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at on the way to a verdict."""

    rule: Rule
    holds: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, and the rule it rests on."""

    allowed: bool
    rule: Rule
    until: datetime | None = None
    """When the right ends or ended; None where the rule has no date."""
    case: Case | None = None
    """The case that stands in the way."""
    steps: tuple[Step, ...] = ()
    """All that was looked at, in order; the last one decided."""


_CAME = frozenset({Goods.RECEIVED, Goods.RETURNED})
"""The buyer has had them in hand, wherever they are now."""


def goods_of(order: Order, received: bool) -> Goods:
    """Where the goods are, by the order and the buyer's own word."""
    if not order.shipped:
        return Goods.NOT_SHIPPED
    return Goods.RECEIVED if received else Goods.NOT_RECEIVED


def phase_of(order: Order) -> Phase:
    """Before or after the order is completed."""
    return Phase.AFTERSALE if order.completed_at else Phase.ONSALE


def reasons_for(goods: Goods) -> tuple[Reason, ...]:
    """The reasons that make sense, likeliest first."""
    return _AFTER_RECEIPT if goods in _CAME else _BEFORE_RECEIPT


def kind_for(goods: Goods, reason: Reason) -> Kind:
    """Whether the goods come back: they do when the buyer has them and they are of use to anyone."""
    if goods in _CAME and reason not in _GOODS_STAY:
        return Kind.RETURN_REFUND
    return Kind.REFUND_ONLY


def may_apply(book: Book, lines: tuple[int, ...]) -> Verdict | None:
    """What stands in the way of any application over these lines; None when nothing does."""
    steps: list[Step] = []
    for step, case in _standing(book, lines):
        steps.append(step)
        if not step.holds:
            return Verdict(False, step.rule, case=case, steps=tuple(steps))
    return None


def judged(
    book: Book, lines: tuple[int, ...], goods: Goods, reason: Reason, now: datetime, policy: Policy
) -> Verdict:
    """Whether this may be applied for now, with all that was looked at. `policy` is the one of the order's day."""
    before = may_apply(book, lines)
    if before is not None:
        return before
    verdict = may_refund(book.order, lines, goods, reason, now, policy)
    looked = tuple(step for step, _ in _standing(book, lines))
    return replace(verdict, steps=(*looked, Step(verdict.rule, verdict.allowed, verdict.until)))


def _standing(book: Book, lines: tuple[int, ...]) -> Iterator[tuple[Step, Case | None]]:
    """What is looked at first, whatever is asked for, and the case that stands in the way."""
    order = book.order
    paid = order.paid_at is not None and bool(order.paid)
    yield Step(Rule.PAID if paid else Rule.UNPAID, paid), None
    wanted = {line.number for line in order.pick(lines)}
    case = next((one for one in book.cases if one.open and wanted & set(one.lines)), None)
    yield Step(Rule.OPEN_CASE if case else Rule.NO_OPEN_CASE, case is None), case
    left = bool(book.left(lines))
    yield Step(Rule.NOT_YET_REFUNDED if left else Rule.ALREADY_REFUNDED, left), None


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
    if Event.REVOKE in possible(case, Role.BUYER):
        return Verdict(True, Rule.MAY_REVOKE, case=case)
    sent = case.state is State.WAIT_BUYER_CONFIRM_GOODS
    return Verdict(False, Rule.ON_ITS_WAY if sent else Rule.ASK_SELLER_FIRST, case=case)


def may_change(case: Case) -> Verdict:
    """Whether what was applied for may be changed: while the shop has not answered, or after it refused."""
    if not case.open:
        return Verdict(False, Rule.ENDED, case=case)
    if case.locked:
        return Verdict(False, Rule.LOCKED, case=case)
    allowed = Event.MODIFY in possible(case, Role.BUYER)
    return Verdict(allowed, Rule.MAY_CHANGE if allowed else Rule.CHANGE_TOO_LATE, case=case)


def may_dispute(case: Case) -> Verdict:
    """Whether the buyer may ask the platform to step in: after a refusal, or when the shop let its clock run out."""
    if not case.open:
        return Verdict(False, Rule.ENDED, case=case)
    if case.locked:
        return Verdict(False, Rule.LOCKED, case=case)
    allowed = Event.INTERVENE in possible(case, Role.BUYER)
    return Verdict(allowed, Rule.MAY_DISPUTE if allowed else Rule.REFUSED_FIRST, case=case)


def _without_reason(order: Order, lines: tuple[int, ...], now: datetime, policy: Policy) -> Verdict:
    if any(
        line.category in policy.no_return_categories or line.sku in policy.no_return_skus
        for line in order.pick(lines)
    ):
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
