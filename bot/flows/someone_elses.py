"""Somebody else's order, and why a proof is asked for: what stands on an order is told to nobody but who placed it."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.meant import order_meant
from bot.flows.ordering import READS
from bot.flows.proving import DIGITS
from bot.flows.running import start
from bot.understanding.precedence import SMALL_TALK

_WITHHELD = "withheld"
"""What was served last when nothing was told of an order."""
_TRACK = "track_parcel"
_PROVING = frozenset({"order_number", "phone_digits"})


def somebody_elses(turn: Turn) -> Decision | None:
    """ "Show me my friend's order": it can't be shown, nor who is behind one. With its number, what proves it does."""
    told = turn.meaning.slots
    if turn.incoming.choice or not told.keys() & {"others", "details"} or not _of_an_order(turn):
        return None
    number = told.get("order_number", "")
    if turn.facts.order(number) or (not number and order_meant(turn, turn.meaning.text)):
        return None
    if number and "details" not in told:
        asks = turn.meaning.intent not in SMALL_TALK | {None}
        begun = turn.conversation.talk is not None
        return None if asks or begun else start(turn, BY_INTENT[_TRACK], {"order_number": number})
    if "others" not in told and not number:
        return None
    human = Button("start", "escalate", "human")
    words = say.NOT_SHOWN(
        known=bool(turn.facts.orders), details="details" in told, digits=DIGITS, buttons=(human,)
    )
    return Decision(replace(turn.conversation, last=_WITHHELD), (words,))


def own_details(turn: Turn) -> Decision | None:
    """ "What's my phone number?": nor is it told to who placed it, for a chat may be read by others; a question stays open."""
    told = turn.meaning.slots
    if turn.incoming.choice or "own_details" not in told or "others" in told or not _asked_plainly(turn):
        return None
    return Decision(turn.conversation, (say.OWN_DETAILS(buttons=(Button("start", "escalate", "human"),)),))


def _asked_plainly(turn: Turn) -> bool:
    """False where it may be part of an answer that is taken in whatever words."""
    talk = turn.conversation.talk
    return talk is None or talk.asking not in BY_INTENT[talk.flow].free


def _of_an_order(turn: Turn) -> bool:
    """False where something else is asked: whom an invoice is for, what is wrong."""
    talk = turn.conversation.talk
    return talk is None or talk.asking in ("", *READS)


def why_proof(turn: Turn) -> Decision | None:
    """ "Why?", where a proof is asked for, or something was not told without one; the question stays open."""
    talk, withheld = turn.conversation.talk, turn.conversation.last == _WITHHELD
    asked = talk.asking in _PROVING if talk else withheld
    if not asked or "why_proof" not in turn.meaning.exact:
        return None
    human = Button("start", "escalate", "human")
    number = talk.slots.get("order_number", "") if talk else ""
    return Decision(turn.conversation, (say.WHY_PROOF(digits=DIGITS, number=number, buttons=(human,)),))
