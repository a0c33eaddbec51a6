"""What a buyer is likelier to ask for, before a word is read: by their orders and cases, and by what was talked of last.

Odds: 2 means that an even chance becomes two to one. They move what is in doubt and leave plain words plain: a taught phrase
at 0.99 stays above 0.96 at odds of 0.35.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.cases import Case, Kind, State
from bot.domain.conversation import Conversation
from bot.domain.orders import Order

_SUPPOSE_A_CASE = ("change_refund", "refund_status", "return_shipment", "revoke_refund", "seller_refused")
_NOTHING_APPLIED_FOR = 0.35
_LIKELIER = 3.0
_NEXT = 2.0

_OF_STATE: Mapping[State, tuple[str, ...]] = {
    State.WAIT_SELLER_AGREE: ("change_refund",),
    State.SELLER_REFUSE_BUYER: ("change_refund", "platform_intervention", "seller_refused"),
    State.WAIT_BUYER_RETURN_GOODS: ("return_shipment",),
}
"""What a case in this state gives reason to ask for, besides how it stands and to take it back."""

SENT = "sent"
"""What was served last when a request was sent with it."""
GRUMBLED = ("displeased", "displeased_again")
"""What was served last when displeasure was heard that asked for nothing: the first time, and the next."""
OFFER_MADE = "offer"
"""What stands for the last thing served when the shop has made an offer: the next yes is to that."""

_AFTER: Mapping[str, tuple[str, ...]] = {
    "refund_status": ("refund_status", "revoke_refund"),
    "request_refund": ("change_refund", "refund_status", "revoke_refund"),
    SENT: ("change_refund", "refund_status", "revoke_refund"),
    "revoke_refund": ("refund_status", "request_refund"),
    "track_parcel": ("hurry_parcel", "signed_not_received", "track_parcel"),
}
"""What often follows."""


def expected(
    conversation: Conversation, orders: tuple[Order, ...], cases: tuple[Case, ...]
) -> Mapping[str, float]:
    """Intent to odds; intents that nothing speaks for or against are not named."""
    odds: dict[str, float] = {}
    cases = tuple(case for case in cases if case.kind is not Kind.PARCEL_INQUIRY)
    if orders and not cases:
        _times(odds, _SUPPOSE_A_CASE, _NOTHING_APPLIED_FOR)
    open_cases = [case for case in cases if case.open]
    if open_cases:
        _times(odds, ("refund_status", "revoke_refund"), _LIKELIER)
        _times(odds, {intent for case in open_cases for intent in _OF_STATE.get(case.state, ())}, _LIKELIER)
    disputed = {case.order_number for case in open_cases}
    if any(order.paid_at and not order.shipped and order.number not in disputed for order in orders):
        _times(odds, ("request_refund",), _NEXT)
    _times(odds, _AFTER.get(conversation.last, ()), _NEXT)
    return odds


def _times(odds: dict[str, float], intents: Iterable[str], factor: float) -> None:
    for intent in intents:
        odds[intent] = odds.get(intent, 1.0) * factor
