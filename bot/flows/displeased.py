""" "This is ridiculous", 无语, "so slow": displeasure that asks for nothing is heard, and what can be done is told. It is no
miss: there is nothing in it to understand better. The next time a person is offered, in other words each time."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows.asking import TRACK
from bot.flows.expected import GRUMBLED, OFFER_MADE, SENT
from bot.flows.matters import APPLICATIONS
from bot.flows.moods import mood_of
from bot.flows.person_offered import offering_a_person
from bot.flows.running import paused, start
from bot.flows.soothing import DISPLEASED, will_soothe

_HURRY = "hurry_parcel"
_OF_MONEY = frozenset({SENT, "refund_status", "refund_how_long"})
"""Served last, it is no parcel that takes so long."""
_OF_PARCEL = frozenset({TRACK, _HURRY})
_UNASKED = frozenset({None, "deny"})
"""What "that's not an answer" may sound like: no "no, thanks" either."""
_ABUSED = _UNASKED | {"complaint", "escalate", "platform_intervention"}
"""What a mere word of abuse may sound like."""
_HUMAN = Button("start", "escalate", "human")


def displeased(turn: Turn) -> Decision | None:
    """In so many words. What takes so long is the parcel, unless something else is under way or was talked of."""
    told, talk = turn.meaning, turn.conversation.talk
    if "displeased" not in told.exact or turn.conversation.last == OFFER_MADE:
        return None
    if told.slots["displeased"] == "abuse":
        return _called_names(turn)
    if told.slots["displeased"] == "slow":
        return _slow(turn) if talk is None or not talk.asking else _heard(turn) if _here(turn) else None
    return _heard(turn) if told.intent in _UNASKED else None


def _called_names(turn: Turn) -> Decision | None:
    """骗子, "scammers", and no more than that: heard before it is put on record. Who goes on complains."""
    goes_on = turn.conversation.last in GRUMBLED
    return _heard(turn) if turn.meaning.intent in _ABUSED and not goes_on else None


def _slow(turn: Turn) -> Decision | None:
    """With nothing talked of before, a mere reason is asked about as any other is."""
    last = turn.conversation.last
    grumbled = last in GRUMBLED and turn.conversation.about
    if last in _OF_MONEY or (grumbled and grumbled in _disputed(turn)):
        return _heard(turn)
    of_parcel = grumbled or last in _OF_PARCEL or "reason" not in turn.meaning.slots
    return start(turn, BY_INTENT[_HURRY]) if of_parcel else None


def upset(turn: Turn) -> Decision | None:
    """Anger or a threat in whatever words, of which nothing else is understood."""
    return _heard(turn) if mood_of(turn) and turn.meaning.intent is None else None


def _here(turn: Turn) -> bool:
    """True where it is asked about goods that have come: no courier is slow any more."""
    talk = turn.talk
    return talk.flow in APPLICATIONS and (talk.asking == "evidence" or talk.slots.get("received") == "yes")


def _heard(turn: Turn) -> Decision:
    soothed, talk, times = will_soothe(turn), turn.conversation.talk, _times(turn)
    heard = replace(turn.conversation, last=GRUMBLED[times == 2])
    human = () if soothed else (_HUMAN,)  # the words before have it
    if talk is None or not talk.asking:
        buttons = (*_ways(turn), *human)
        told = Decision(heard, (DISPLEASED(soothed=soothed, asked=False, times=times, buttons=buttons),))
        begun = heard.parked is not None and heard.parked.asking
        return told if times == 1 or begun else offering_a_person(turn, told)
    again = BY_INTENT[talk.flow].decide(turn.with_conversation(heard))
    offered = human if times > 1 else ()
    words = () if soothed else (DISPLEASED(soothed=False, asked=True, times=times, buttons=offered),)
    return replace(again, conversation=paused(again.conversation), says=(*words, *again.says))


def _times(turn: Turn) -> int:
    """1 for the first time; after that 2 and 3 in turns, so that nobody reads the same words twice in a row."""
    last = turn.conversation.last
    return GRUMBLED.index(last) + 2 if last in GRUMBLED else 1


def _ways(turn: Turn) -> tuple[Button, ...]:
    refundable = any(order.number not in _disputed(turn) for order in turn.facts.orders)
    chase = (Button("start", _HURRY, _HURRY),) if turn.conversation.last == TRACK else ()
    refund = (Button("start", "request_refund", "request_refund"),) if refundable else ()
    return (*chase, *refund)


def _disputed(turn: Turn) -> frozenset[str]:
    return frozenset(case.order_number for case in turn.facts.cases if case.open)
