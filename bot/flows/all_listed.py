""" "Both of them", 都退, to the question which order: one after the other, as they are listed."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.conversation import Standing
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.another_too import nothing_told
from bot.flows.matters import APPLICATIONS
from bot.flows.meant import slots_of
from bot.flows.next_product import wished_next
from bot.flows.ordering import LISTED
from bot.flows.running import run

_NAMES_ONE = frozenset({"order_number", "tracking_number", "ordinal"})
_TOGETHER = re.compile(r"都[要想得]退|(?:一起|一并)退")
_TWO = re.compile(r"\bboth\b|[两兩俩倆]", re.IGNORECASE)


def all_listed(turn: Turn) -> Decision | None:
    """The first of them now, the others each in its turn; where more are known than are listed, nobody can tell which."""
    talk, parked = turn.conversation.talk, turn.conversation.parked
    if talk is None or talk.asking != "order" or talk.flow not in APPLICATIONS or not _all_meant(turn):
        return None
    orders = [turn.facts.order(number) for number in talk.slots.get(LISTED, "").split()]
    own = [order for order in orders if order]
    aside = parked is not None and parked.standing is not Standing.LEFT
    if aside or len(own) < 2 or len(own) < len(turn.facts.orders) or not _so_many(turn, len(own)):
        return None
    first, *others = own
    now = talk.drop(LISTED).fill(order=first.number)
    later = wished_next(turn, replace(now, asking=""), [order.number for order in others])
    begun = replace(turn.conversation, talk=now, parked=later)
    decision = run(nothing_told(turn).with_conversation(begun), BY_INTENT[talk.flow])
    words = say.ONE_BY_ONE(first=first.title, rest=tuple(order.title for order in others))
    return replace(decision, says=(words, *decision.says))


def _all_meant(turn: Turn) -> bool:
    """True where all is said, and none is named, nor anything else asked for."""
    meaning, flow = turn.meaning, BY_INTENT[turn.talk.flow]
    named = slots_of(turn, meaning.text) or meaning.slots.keys() & _NAMES_ONE
    said = meaning.slots.get("amount") == "all" or _TOGETHER.search(meaning.text) is not None
    only = "amount" in meaning.exact or meaning.intent in flow.kin | {None, flow.intent}
    return said and only and not (named or turn.incoming.choice or turn.incoming.attachments)


def _so_many(turn: Turn, listed: int) -> bool:
    """False where two are said, and there are more."""
    told = turn.meaning.slots.get("quantity", "")
    return told in ("", str(listed)) and (listed == 2 or not _TWO.search(turn.meaning.text))
