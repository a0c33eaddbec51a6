"""What an agent's macros may speak of: the conversation's buyer, order, parcel and case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.cases import Case
from bot.domain.conversation import Conversation
from bot.domain.orders import Order, Parcel
from bot.domain.replies import Reply, Tone

FOLDER = "macros"
"""Below ``replies/<lang>/``; the files there are macros, whatever they are called."""
VALUES: Mapping[str, Any] = {
    "buyer": str,
    "agent": str,
    "order": Order | None,
    "parcel": Parcel | None,
    "case": Case | None,
}


def reply_of(name: str) -> str:
    """The reply a macro of that name is."""
    return f"{FOLDER}/{name}"


def declared_as(reply: str, declared: Mapping[str, Reply]) -> Reply | None:
    """What a reply of that name is made from: a flow's declaration, or what every macro may use; None for neither."""
    if reply in declared:
        return declared[reply]
    return Reply(reply, VALUES, Tone.PLAIN) if reply.startswith(reply_of("")) else None


def values(
    conversation: Conversation,
    orders: Sequence[Order],
    cases: Sequence[Case],
    agent: str,
    order_number: str = "",
) -> dict[str, Any]:
    """What a macro is filled with: the order that is named or was talked of last, otherwise that of an open case, otherwise
    the newest; its open case; its newest parcel."""
    case = next((case for case in cases if case.open), None)
    wanted = (order_number, conversation.about, case.order_number if case else "")
    order = next((order for number in wanted for order in orders if order.number == number), None)
    order = order or next(iter(orders), None)
    over = [case for case in cases if case.open and order and case.order_number == order.number]
    return {
        "buyer": conversation.name,
        "agent": agent,
        "order": order,
        "parcel": order.parcels[-1] if order and order.parcels else None,
        "case": next(iter(over), None),
    }
