"""Which of the buyer's orders can be meant, by what was told: goods that came broken are in no order that has not left."""

from __future__ import annotations

from enum import IntEnum

from bot.domain.cases import FAULT, Kind
from bot.domain.orders import Order
from bot.domain.turn import Turn
from bot.flows.matters import APPLICATIONS
from bot.flows.troubles import TROUBLE_OF

SHOWN = 6
"""Orders offered as buttons; older ones are reached by their number."""

_HAVE_COME = frozenset(TROUBLE_OF.values()) | {"counterfeit", "review_bad", "signed_not_received"}
"""What is told of goods that came, or that the carrier says came."""
_WANT_THEM_CHANGED = frozenset({"exchange_goods", "partial_refund", "return_goods", "warranty_repair"})
"""What is wished for mostly of goods that came."""
_NOT_COME = frozenset({"change_address", "hurry_parcel", "parcel_lost", "refuse_delivery", "track_parcel"})
"""What is asked mostly of a parcel that has not come."""


class Fit(IntEnum):
    """How well an order goes with what was told; the best sorts first."""

    WELL = 0
    PERHAPS = 1
    HARDLY = 2


def fit(turn: Turn, order: Order) -> Fit:
    """How well the matter under way, and what is told of it, go with this order."""
    if _applied_for(turn, order):
        return Fit.HARDLY
    flow, told = turn.talk.flow, turn.talk.slots
    received, reason = told.get("received", ""), told.get("reason", "")
    if flow in _HAVE_COME or reason in FAULT or (received == "yes" and flow in APPLICATIONS):
        return Fit.WELL if order.came else Fit.PERHAPS if order.shipped else Fit.HARDLY
    if flow in _WANT_THEM_CHANGED:
        return Fit.WELL if order.came else Fit.PERHAPS
    if flow in _NOT_COME or received == "no":
        return Fit.PERHAPS if order.delivered else Fit.WELL
    return Fit.WELL


def likeliest(turn: Turn) -> tuple[Order, ...]:
    """All of the buyer's orders, those that go best with what was told first; of these the newest."""
    return tuple(sorted(turn.facts.orders, key=lambda order: fit(turn, order)))


def _applied_for(turn: Turn, order: Order) -> bool:
    """True when what is wished for is applied for already."""
    open_cases = (case for case in turn.facts.cases if case.open and case.order_number == order.number)
    return turn.talk.flow in APPLICATIONS and any(case.kind is not Kind.PARCEL_INQUIRY for case in open_cases)
