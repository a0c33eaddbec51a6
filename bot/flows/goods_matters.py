"""Troubles with goods, a return and a repair: each is served by the common steps."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.application import received
from bot.flows.flow import Flow
from bot.flows.matters import MATTERS, told_for
from bot.flows.ordering import order_of
from bot.flows.remedies import remedy
from bot.flows.request_refund import FLOW as REQUEST_REFUND

_WITH_MORE = frozenset({"exchange_goods", "partial_refund", "return_goods"})
"""Those have steps of their own."""


def nothing_to_return(turn: Turn) -> Decision | None:
    """What has not left, or not come, can't be sent back: it is a refund."""
    order = order_of(turn)
    if order is None or (order.shipped and received(turn) != "no"):
        return None
    return REQUEST_REFUND.decide(turn.with_talk(told_for(turn.talk, REQUEST_REFUND.intent)))


RETURN_GOODS = remedy("return_goods", nothing_to_return)
FLOWS: tuple[Flow, ...] = (
    RETURN_GOODS,
    *(remedy(intent) for intent in sorted(MATTERS.keys() - _WITH_MORE)),
)
