"""What is under way, and not sent yet, is dropped: in so many words, or by taking it back."""

from __future__ import annotations

from bot.domain.conversation import Talk
from bot.domain.decision import Decision
from bot.domain.meaning import Sureness
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows.flow import Flow
from bot.flows.meant import slots_of
from bot.flows.ordering import order_of
from bot.flows.running import dropped
from bot.flows.second_thoughts import mind_changed
from bot.understanding.marks import names_nothing
from bot.understanding.normalise import normalise

_CALLED_OFF = 0.7
"""How sure a no must be that is more than taught words, to call off what is asked for in whatever words: a company may be
called Never Mind Games."""


def withdrawn(turn: Turn) -> Decision | None:
    """What is under way is dropped, in so many words or by taking it back: what is not sent yet comes before what is."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking:
        return None
    flow = BY_INTENT[talk.flow]
    off = "drop" in turn.meaning.exact or _called_off(turn, flow) or mind_changed(turn, flow)
    if off and talk.asking not in flow.own_no:
        return dropped(turn)
    if not flow.undone_by or _another_case_named(turn) or _cancels(turn, talk):
        return None
    likely = talk.asking not in flow.own_no and _takes_back(turn, flow)
    return dropped(turn) if turn.meaning.intent == flow.undone_by or likely else None


def _called_off(turn: Turn, flow: Flow) -> bool:
    """ "Never mind the invoice", where whatever is said would be taken for the answer."""
    told = turn.meaning
    surely = bool(told.candidates) and told.candidates[0].confidence >= _CALLED_OFF
    refused = surely and told.intent == "deny" and bool(told.slots.keys() & {"drop", "called_off"})
    return turn.talk.asking in flow.free and ("called_off" in told.exact or refused)


def _cancels(turn: Turn, talk: Talk) -> bool:
    """ "Shall I cancel it?" and "cancel it": that is the answer, whatever else there may be to cancel."""
    told, reads = turn.meaning.slots, BY_INTENT[talk.flow].reads
    chosen = talk.asking == "option" and reads["option"](turn) is not None  # 不退了,补我点钱
    return (
        chosen
        or talk.asking in told
        or (talk.asking == "cancel" and names_nothing(normalise(turn.meaning.text)))
    )


def _takes_back(turn: Turn, flow: Flow) -> bool:
    """The likeliest guess takes it back, or asks for it in words that refuse it."""
    first = turn.meaning.candidates[0] if turn.meaning.candidates else None
    if first is None or turn.meaning.sureness is Sureness.ACT:
        return False
    sounds = first.intent == flow.undone_by and turn.meaning.sureness is Sureness.ASK
    return sounds or (first.intent == flow.intent and first.turned)


def _another_case_named(turn: Turn) -> bool:
    """True when it is not what is under way, but what was sent before, by its number or its order."""
    open_cases = [case for case in turn.facts.cases if case.open]
    said, about = turn.meaning.text.casefold(), order_of(turn)
    told = turn.meaning.slots.get("order_number") or slots_of(turn, turn.meaning.text).get("order")
    other = told if about is None or told != about.number else None
    return any(case.number.casefold() in said or case.order_number == other for case in open_cases)
