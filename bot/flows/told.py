"""What is told of goods that are not right: by the matter itself, and by the words of a message, asked for or not."""

from __future__ import annotations

from bot.domain.cases import FAULT, Kind, Reason, State
from bot.domain.options import Option
from bot.domain.turn import Turn
from bot.flows.application import received
from bot.flows.application_answers import own_words, trouble_told
from bot.flows.matters import MATTERS, WISHES
from bot.flows.ordering import order_of

NAMES_ANOTHER = frozenset({"size", "colour", "instead"})
"""What tells by itself that another one is wanted."""
_HINTED = 0.3
"""How sure a guess must be of a trouble told beside a wish, for that to be the reason."""


def hear(turn: Turn) -> Turn:
    """What the matter itself, and this message, tell."""
    return _with_story(_with_reason(_with_wish(turn)))


def _with_wish(turn: Turn) -> Turn:
    """What is wished for by the matter itself; or in the middle of it, in so many words, something else."""
    matter, talk = MATTERS[turn.talk.flow], turn.talk
    if not talk.asking:
        wish = matter.option or talk.slots.get("option") or (Option.RESHIP if _lost(turn) else "")
    else:
        wish = "" if _answers(turn) else WISHES.get(turn.meaning.intent or "", "")
    if not wish or wish == talk.slots.get("option"):
        return turn
    has_it = talk.asking and order_of(turn) is not None and received(turn) == "yes"
    known = {"received": "yes"} if has_it else {}
    return turn.with_talk(talk.drop("subject").fill(option=wish, **known))


def _answers(turn: Turn) -> bool:
    """True for what is read as the answer it is, whatever wish it sounds like: 晚点补照片 asks for no 补偿."""
    told = turn.meaning.exact & _ANSWERS or "evidence" in turn.meaning.slots
    return turn.incoming.choice is not None or turn.talk.asking == "option" or bool(told)


def _with_reason(turn: Turn) -> Turn:
    """The reason that goes without saying; one that is none here is asked for."""
    matter, talk, told = MATTERS[turn.talk.flow], turn.talk, turn.slot("reason")
    fits = told in FAULT or told == Reason.LOST or (matter.any_reason and told in _ANY)
    if told and not fits:
        talk, told = talk.drop("reason"), ""
    if told == Reason.OTHER and turn.slot("option") == Option.EXCHANGE:
        return turn.with_talk(talk.fill(reason=Reason.CHANGED_MIND))
    if not told and _lost(turn):
        return turn.with_talk(talk.fill(reason=Reason.LOST, received="no"))
    if not told and not talk.asking and (reason := matter.reason or _beside_the_wish(turn) or _missing(turn)):
        return turn.with_talk(talk.fill(reason=reason))
    if not told and turn.slot("option") == Option.EXCHANGE and NAMES_ANOTHER & talk.slots.keys():
        return turn.with_talk(talk.fill(reason=Reason.CHANGED_MIND))
    return turn.with_talk(talk)


def _beside_the_wish(turn: Turn) -> Reason | None:
    """The reason that a trouble told beside a wish is, where it can be but one."""
    found = trouble_told(turn, _HINTED)
    return MATTERS[found].reason if found else None


def _missing(turn: Turn) -> Reason | None:
    """What is told to be wrong or missing is missing."""
    lacks = turn.talk.flow == "wrong_or_missing_item" and "lacks" in turn.meaning.slots
    return Reason.MISSING_ITEM if lacks else None


_ANY = frozenset({Reason.CHANGED_MIND, Reason.OTHER})


def _lost(turn: Turn) -> bool:
    """True when the carrier lost the parcel, as an inquiry has found: what it held is sent again."""
    order = order_of(turn)
    if turn.talk.flow != "wrong_or_missing_item" or order is None or order.delivered:
        return False
    inquiries = (case for case in turn.facts.cases if case.order_number == order.number)
    return any(case.kind is Kind.PARCEL_INQUIRY and case.state is State.SUCCESS for case in inquiries)


_ANSWERS = frozenset({"reason", "evidence", "received", "came", "yes_no", "amount", "ordinal", "how_much"})
"""Slots that, where they are all of a message, tell what they say and no story."""


def _with_story(turn: Turn) -> Turn:
    """What is wrong, in the buyer's own words, and whether they are so brief that they tell no more than the reason does."""
    told, words = turn.meaning.slots.keys(), own_words(turn)
    trouble = "reason" in told or trouble_told(turn, _HINTED) is not None
    answers = turn.talk.asking == "reason" and turn.slot("reason")
    bare = bool(turn.meaning.exact & (_ANSWERS - {"reason"}))
    instead = NAMES_ANOTHER & told
    if not words or not (instead or ((trouble or answers) and not bare and not turn.slot("story"))):
        return turn
    brief = "yes" if "reason" in turn.meaning.exact else "no"
    return turn.with_talk(turn.talk.fill(story=words, brief=brief))
