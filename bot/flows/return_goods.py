"""Goods back for the money (退货退款): the application, or a plain refund where there is nothing to send back."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.application import received
from bot.flows.matters import told_for
from bot.flows.ordering import order_of
from bot.flows.remedies import remedy
from bot.flows.request_refund import FLOW as REQUEST_REFUND


def nothing_to_return(turn: Turn) -> Decision | None:
    """What has not left, or not come, can't be sent back: it is a refund."""
    order = order_of(turn)
    if order is None or (order.shipped and received(turn) != "no"):
        return None
    return REQUEST_REFUND.decide(turn.with_talk(told_for(turn.talk, REQUEST_REFUND.intent)))


FLOW = remedy("return_goods", nothing_to_return)
