"""The order a question of policy may be about. None has to be: then the rules are told as they are for everybody."""

from __future__ import annotations

from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.turn import Turn
from bot.flows.meant import order_named
from bot.flows.ordering import order_of

_SHOWN = 3
"""Orders that are offered to be asked about."""


def about_order(turn: Turn) -> Order | None:
    """The one that is named, the only one, the one in the middle of whose application it is asked, or talked of last."""
    if order := order_of(turn) or order_named(turn, turn.meaning.text):
        return order
    parked = turn.conversation.parked
    under_way = parked.slots.get("order", "") if parked else ""
    return turn.facts.order(under_way) or turn.facts.order(turn.conversation.about)


def of_each(turn: Turn, intent: str) -> tuple[Button, ...]:
    """A button for each of the newest orders that leads to the same question about it."""
    return tuple(
        Button("start", f"{intent} order={order.number}", "order", {"order": order})
        for order in turn.facts.orders[:_SHOWN]
    )
