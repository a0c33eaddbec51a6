"""How buyers answer a question, and which of the ways that a reply offers they go."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.messages import Choice
from bot.domain.orders import Order
from bot.simulate.characters import Buyer

Does = Callable[[], Awaitable[None]]
Offered = tuple[str, Choice]
"""A button: its label and what it says."""

_YES = {"cancel": 0.85, "confirm": 0.9, "ask_seller": 0.7, "solved": 0.6, "received": 0.9}
"""How often a question that takes yes or no is answered with yes."""


def pick(
    dice: random.Random, asking: str, offered: Sequence[Offered], reason: str, order: Order | None
) -> Offered:
    """One of the buttons, as somebody would for whom it is about this order and this reason."""
    by_value = {choice.value: (label, choice) for label, choice in offered}
    if asking == "reason" and reason in by_value:
        return by_value[reason]
    if asking == "order" and order and order.number in by_value:
        return by_value[order.number]
    if asking == "amount" and "all" in by_value:
        return by_value["all"]
    if {"yes", "no"} <= by_value.keys():
        sure = _YES.get(asking, 0.8)
        if asking == "received" and order:
            sure = 0.97 if order.delivered else 0.05
        return by_value["yes" if dice.random() < sure else "no"]
    return dice.choice(list(offered))


def asks_waybill(asking: str) -> bool:
    """True for a question that a parcel's number answers."""
    return any(word in asking for word in ("waybill", "tracking", "parcel"))


@dataclass(frozen=True, slots=True)
class Way:
    """A way on that a reply offers."""

    chance: Callable[[Buyer], float]
    """How likely it is gone."""
    hours: float
    """By when at the latest."""
    waits: bool = False
    """It may be forgotten."""


OTHER = Way(lambda _: 0.12, 6)
WAYS: Mapping[str, Way] = {
    "return_shipment": Way(lambda _: 0.95, 150, waits=True),
    "revoke_refund": Way(lambda one: one.revokes, 40),
    "change_refund": Way(lambda one: one.changes, 30),
    "platform_intervention": Way(lambda one: one.insists, 60),
    "partial_refund": Way(lambda _: 0.5, 20),
    "exchange_goods": Way(lambda _: 0.5, 100, waits=True),
    "request_refund": Way(lambda _: 0.4, 3),
    "escalate": Way(lambda one: 0.05 + one.insists * 0.2, 3),
    "complaint": Way(lambda one: one.insists * 0.4, 10),
    "bot": Way(lambda _: 0.06, 1),
    "track_parcel": Way(lambda _: 0.2, 1),
}
"""Intent that a button starts, to how it is gone; all others are `OTHER`."""
