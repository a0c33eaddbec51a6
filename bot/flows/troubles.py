"""Troubles: what buyers tell when nothing is asked for, and what each tells of a refund that may come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.cases import Reason
from bot.domain.turn import Turn
from bot.flows.meant import corrects_only
from bot.understanding.marks import asks_whether
from bot.understanding.precedence import STORIES

TROUBLES = STORIES | {"partial_refund", "refuse_delivery"}
"""A trouble is told and nothing asked for: money back, or a person, whichever the buyer likes. So are two asks whose answer
is the same; they are no stories, and nothing told beside them comes first."""

TROUBLE_OF: Mapping[str, str] = {
    Reason.QUALITY: "quality_issue",
    Reason.NOT_AS_DESCRIBED: "not_as_described",
    Reason.WRONG_ITEM: "wrong_or_missing_item",
    Reason.MISSING_ITEM: "wrong_or_missing_item",
    Reason.DAMAGED: "parcel_damaged",
}
"""Reason to the trouble with goods that it is."""

_NOT_RECEIVED = {"received": "no", "reason": "not_received"}
_TELLS: Mapping[str, Mapping[str, str]] = {
    "not_as_described": {"reason": "not_as_described"},
    "parcel_damaged": {"reason": "damaged"},
    "parcel_lost": _NOT_RECEIVED,
    "quality_issue": {"reason": "quality"},
    "signed_not_received": _NOT_RECEIVED,
}
"""What a trouble tells by itself, in whatever words it is told."""
_PERHAPS = 0.3
"""How sure it must be of a fault that is told where it is asked whether the goods came: nothing else is like it there."""


def with_trouble_told(turn: Turn) -> Turn:
    """A trouble is the reason of a refund and is not asked for again, unless the words are a plain answer."""
    tells = _TELLS.get(turn.meaning.intent or _fault_seen(turn), {})
    talk = turn.conversation.talk
    answers = {talk.asking, "came"} if talk and talk.asking else set()
    if not tells or answers & turn.meaning.exact or corrects_only(turn):
        return turn
    slots = turn.meaning.slots
    told = {**slots, **tells} if tells is _NOT_RECEIVED else {**tells, **slots}
    return replace(turn, meaning=replace(turn.meaning, slots=told))


def _fault_seen(turn: Turn) -> str:
    """What is likely wrong with the goods (左边没声音), where it is asked whether they came and nothing else answers that."""
    talk, told = turn.conversation.talk, turn.meaning
    if talk is None or talk.asking != "received" or "received" in told.slots or asks_whether(told.text):
        return ""
    first = next(iter(told.candidates), None)
    likely = first is not None and first.confidence >= _PERHAPS and not first.turned
    return first.intent if first and likely and first.intent in TROUBLE_OF.values() else ""
