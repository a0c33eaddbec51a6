""" "The socks, never mind", 四件套算了: this product is not wanted after all, and what is under way for another goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.conversation import Conversation, Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.another_too import nothing_told
from bot.flows.matters import APPLICATIONS
from bot.flows.meant import of_another_product, slots_of, title_of
from bot.flows.next_product import is_next, without
from bot.flows.ordering import order_of
from bot.flows.running import dropped, offer_to_go_on, resume
from bot.understanding.contrast import may_say_off, says_only_off
from bot.understanding.normalise import normalise
from bot.understanding.titles import without_titles

_TO_COME = frozenset({Standing.WISHED, Standing.OFFERED})


def left_out(turn: Turn) -> Decision | None:
    """The one under way is dropped; one that was to come after it, or was never spoken of, comes no more."""
    named, talk = _not_wanted(turn), turn.conversation.talk
    if not named:
        return None
    if talk is None:
        return _of_offered(turn, named)
    if not talk.asking or talk.flow not in APPLICATIONS:
        return None
    if order_of(turn) is not None and not of_another_product(turn, talk, named):
        return dropped(turn)
    again = BY_INTENT[talk.flow].decide(nothing_told(turn).with_conversation(_without(turn, named)))
    return replace(again, says=(say.LEFT_OUT(product=title_of(turn, named)), *again.says))


def _not_wanted(turn: Turn) -> Mapping[str, str]:
    """The product of which no more is said than that; what was sent for it is taken back, and not left out."""
    if turn.incoming.choice or turn.incoming.attachments or not may_say_off(turn.meaning.text):
        return {}
    titles = [line.title for order in turn.facts.orders for line in order.lines]
    named = slots_of(turn, turn.meaning.text)
    sent = any(case.open and case.order_number == named.get("order") for case in turn.facts.cases)
    only = says_only_off(without_titles(normalise(turn.meaning.text), titles))
    return named if only and not sent else {}


def _of_offered(turn: Turn, named: Mapping[str, str]) -> Decision | None:
    """ "Shall I go on with the hoodie?" and it is the hoodie, or one that was to come after it; nothing, where nothing is."""
    parked = turn.conversation.parked
    if parked is None or parked.standing is not Standing.OFFERED or not _to_come(parked):
        idle = parked is None and "drop" in turn.meaning.slots
        return BY_INTENT["deny"].decide(turn) if idle else None
    if is_next(parked, named):
        return resume(turn, parked, go_on=False)
    told = Decision(_without(turn, named), (say.LEFT_OUT(product=title_of(turn, named)),))
    return offer_to_go_on(told, title_of(turn, parked.slots))


def _without(turn: Turn, named: Mapping[str, str]) -> Conversation:
    """The conversation without it among what comes next."""
    parked = turn.conversation.parked
    if parked is None or not _to_come(parked):
        return turn.conversation
    return replace(turn.conversation, parked=without(turn, parked, named))


def _to_come(parked: Talk) -> bool:
    return parked.standing in _TO_COME and not parked.asking and "order" in parked.slots
