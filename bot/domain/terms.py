"""How long each side has: which clock runs in which state, and how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import Calendar
from bot.domain.cases import Case, Event, Goods, State


class Unit(StrEnum):
    """What a span is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working hours"
    """Hours in which the shop is open."""
    WORKING_DAYS = "working days"
    """Days on which banks and offices work."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time somebody has."""

    count: int
    unit: Unit


class Term(StrEnum):
    """What somebody has time for."""

    SELLER_UNSHIPPED = "seller_unshipped"
    """The shop, to answer for an order that has not left."""
    SELLER = "seller"
    """The shop, to answer any other application."""
    BUYER_REFUSED = "buyer_refused"
    """The buyer, to change, revoke or dispute what was refused."""
    BUYER_RETURN = "buyer_return"
    """The buyer, to send the goods back and enter the waybill."""
    SELLER_CONFIRM = "seller_confirm"
    """The shop, to look at the goods, from their shipment."""
    SELLER_RECEIVED = "seller_received"
    """The same, from the day they are signed for; where it ends sooner it counts."""
    SELLER_SEND = "seller_send"
    """The shop, to send the exchanged, repaired or missing goods."""
    BUYER_CONFIRM = "buyer_confirm"
    """The buyer, to say that what was sent anew has come, or is not right."""
    SELLER_ANSWER = "seller_answer"
    """The shop, to answer a complaint."""
    CARRIER = "carrier"
    """The carrier, to answer an inquiry."""
    BOTH_EVIDENCE = "both_evidence"
    """Both sides, to hand in evidence once the platform has stepped in."""
    RULING = "ruling"
    """The platform, to rule."""


SPANS: Mapping[Term, Span] = {
    Term.SELLER_UNSHIPPED: Span(48, Unit.HOURS),
    Term.SELLER: Span(72, Unit.HOURS),
    Term.BUYER_REFUSED: Span(5, Unit.DAYS),
    Term.BUYER_RETURN: Span(7, Unit.DAYS),
    Term.SELLER_CONFIRM: Span(10, Unit.DAYS),
    Term.SELLER_RECEIVED: Span(7, Unit.DAYS),
    Term.SELLER_SEND: Span(3, Unit.DAYS),
    Term.BUYER_CONFIRM: Span(10, Unit.DAYS),
    Term.SELLER_ANSWER: Span(24, Unit.WORKING_HOURS),
    Term.CARRIER: Span(24, Unit.HOURS),
    Term.BOTH_EVIDENCE: Span(3, Unit.DAYS),
    Term.RULING: Span(7, Unit.WORKING_DAYS),
}
"""The defaults: marketplace refund rules where they have one, else the shop's own choice."""

CLOCKS: Mapping[State, tuple[Event, Term]] = {
    State.WAIT_SELLER_AGREE: (Event.SELLER_TIMEOUT, Term.SELLER),
    State.SELLER_REFUSE_BUYER: (Event.BUYER_TIMEOUT, Term.BUYER_REFUSED),
    State.WAIT_BUYER_RETURN_GOODS: (Event.BUYER_TIMEOUT, Term.BUYER_RETURN),
    State.WAIT_SELLER_CONFIRM_GOODS: (Event.SELLER_TIMEOUT, Term.SELLER_CONFIRM),
    State.WAIT_SELLER_SEND_GOODS: (Event.SELLER_TIMEOUT, Term.SELLER_SEND),
    State.WAIT_BUYER_CONFIRM_GOODS: (Event.BUYER_TIMEOUT, Term.BUYER_CONFIRM),
    State.WAIT_SELLER_ANSWER: (Event.SELLER_TIMEOUT, Term.SELLER_ANSWER),
    State.WAIT_CARRIER: (Event.CARRIER_TIMEOUT, Term.CARRIER),
}
"""What happens in each open state when nobody acts, and after how long."""
_RULING = frozenset({Event.EVIDENCE_TIMEOUT, Event.RULING_TIMEOUT})
"""Clocks of a case that an intervention holds."""


def clock_of(case: Case) -> tuple[Event, Term] | None:
    """The clock the case calls for as it stands, and the term it runs; None once it is over."""
    if not case.open:
        return None
    if case.locked:
        begun = case.clock in _RULING
        return (Event.RULING_TIMEOUT, Term.RULING) if begun else (Event.EVIDENCE_TIMEOUT, Term.BOTH_EVIDENCE)
    event, term = CLOCKS[case.state]
    unshipped = term is Term.SELLER and case.goods is Goods.NOT_SHIPPED
    return event, Term.SELLER_UNSHIPPED if unshipped else term


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each side has."""

    spans: Mapping[Term, Span]
    shop: Calendar
    """The shop's own hours."""
    public: Calendar
    """The days banks and mediators work."""

    def after(self, at: datetime, term: Term) -> datetime:
        """When the term is over that starts at `at`."""
        span = self.spans[term]
        match span.unit:
            case Unit.HOURS:
                return at + timedelta(hours=span.count)
            case Unit.DAYS:
                return at + timedelta(days=span.count)
            case Unit.WORKING_HOURS:
                return self.shop.after_working_time(at, timedelta(hours=span.count))
            case Unit.WORKING_DAYS:
                return self.public.after_working_days(at, span.count)

    def started(self, case: Case, at: datetime) -> Case:
        """The case with the clock running that its state calls for; what is over has none."""
        found = clock_of(case)
        if found is None:
            return replace(case, clock=None, due_at=None)
        event, term = found
        return replace(case, clock=event, due_at=self.after(at, term))

    def signed(self, case: Case, at: datetime) -> Case:
        """The case whose returned parcel was signed for now: the law counts from here where that ends sooner."""
        soonest = self.after(at, Term.SELLER_RECEIVED)
        return replace(case, due_at=min(case.due_at, soonest) if case.due_at else soonest)
