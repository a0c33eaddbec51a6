"""The order just talked of: "where is the blanket?", and then "refund", is of the blanket."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.conversation import Conversation, Holder, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.fitting import Fit, fit
from bot.flows.flow import Flow
from bot.flows.meant import order_meant, slots_of
from bot.understanding.titles import said_of

_OF_AN_ORDER = frozenset({"case", "order", "order_number", "tracking_number"})
"""Slots that tell which order is meant, or that it is to be asked."""


def with_order_talked_of(turn: Turn, flow: Flow) -> Turn:
    """The turn with a wish that names no order taken for the one just talked of, where it can be of that one.

    Not when another one is spoken of, and not when all of that was long ago.
    """
    talk = turn.talk
    if "order" not in flow.reads or talk.asking or talk.slots.keys() & _OF_AN_ORDER:
        return turn
    if (
        len(turn.facts.orders) == 1
        or _names_products(turn)
        or turn.meaning.slots.keys() & {"another_one", "age"}
    ):
        return turn
    return turn.with_talk(talk.fill(**(_under_way(turn) or _talked_of(turn, flow))))


def _names_products(turn: Turn) -> bool:
    titles = [line.title for order in turn.facts.orders for line in order.lines]
    said = turn.meaning.text
    return not turn.incoming.choice and bool(said_of(said, titles) or order_meant(turn, said))


def _under_way(turn: Turn) -> dict[str, str]:
    """The order in the middle of whose matter something else is wished for; it may be one that is not proven yet."""
    parked = turn.conversation.parked
    if parked is None or parked.token == turn.talk.token or not parked.asking:
        return {}
    number = parked.slots.get("order", "")
    order = turn.facts.order(number)
    if order:
        return {"order": number} if fit(turn, order) is not Fit.HARDLY else {}
    claimed = parked.slots.get("order_number")
    return {"order_number": claimed} if claimed else {}


def _talked_of(turn: Turn, flow: Flow) -> dict[str, str]:
    before = turn.conversation
    order = turn.facts.order(before.about)
    long_ago = turn.policy.aftercare.is_forgotten(before.about_at, turn.now)
    if order is None or long_ago or fit(turn, order) is Fit.HARDLY:
        return {}
    lines = {"lines": before.about_line} if before.about_line and "lines" in flow.reads else {}
    return {"order": order.number} | lines


def remembering(turn: Turn, conversation: Conversation, number: str, talk: Talk | None) -> Conversation:
    """The conversation once this order was talked of: which of its products, where one was named."""
    named = {} if turn.incoming.choice else slots_of(turn, turn.meaning.text)
    line = named.get("lines", "") if named.get("order") == number else ""
    chosen = talk.slots.get("lines", "") if talk else ""
    kept = conversation.about_line if number == conversation.about else ""
    return replace(
        conversation, about=number, about_line=line or (chosen if chosen.isdigit() else "") or kept
    )


def with_talk_left(turn: Turn) -> Turn:
    """The turn without what is under way; its order is the one just talked of."""
    order = turn.facts.order(turn.slot("order"))
    number = order.number if order else turn.conversation.about
    left = remembering(turn, turn.conversation, number, turn.talk)
    return turn.with_conversation(replace(left, talk=None))


def still_talked_of(turn: Turn, decision: Decision) -> Decision:
    """The decision with the moment at which the buyer was last here with the bot, and that order in mind."""
    after = decision.conversation
    if not turn.from_buyer or after.holder is not Holder.BOT:
        return decision
    return replace(decision, conversation=replace(after, about_at=turn.now if after.about else None))
