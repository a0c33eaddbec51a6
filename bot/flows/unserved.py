"""What is understood and has no long flow of its own: it is served as something near, offered a way out, or for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.meaning import Sureness
from bot.domain.turn import Turn
from bot.understanding.normalise import normalise
from bot.understanding.precedence import STORIES

_NEAR = {"return_goods": "request_refund"}
"""Intents that come to the same in the end: whether goods or only money go back is told on the way."""

TROUBLES = STORIES | {"partial_refund", "refuse_delivery"}
"""A trouble is told and nothing asked for: money back, or a person, whichever the buyer likes. So are two asks whose answer
is the same; they are no stories, and nothing told beside them comes first."""

_NOT_RECEIVED = {"received": "no", "reason": "not_received"}
_TELLS: Mapping[str, Mapping[str, str]] = {
    "not_as_described": {"reason": "not_as_described"},
    "parcel_damaged": {"reason": "damaged"},
    "parcel_lost": _NOT_RECEIVED,
    "quality_issue": {"reason": "quality"},
    "signed_not_received": _NOT_RECEIVED,
}
"""What a trouble tells by itself, in whatever words it is told."""

SURE = 0.6
"""From this on a guess is no mere likeness."""

_HOW_MUCH = ("amount", "confirm")
_FEW = 16
"""Characters of a few words that say no more than "make that … please"."""
_NUMBER = re.compile(r"(?<![\d.,:/-])\d{1,6}(?:\.\d{1,2})?(?![\d%,:/-]|\.\d)")


def as_served(turn: Turn) -> Turn:
    """Whether goods or only money go back needs no asking when one flow serves both: the likelier is meant."""
    guesses, meaning = turn.meaning.candidates, turn.meaning
    if meaning.sureness is not Sureness.ASK or len(guesses) < 2 or guesses[0].confidence < SURE:
        return turn
    first, second = (_NEAR.get(guess.intent, guess.intent) for guess in guesses[:2])
    return replace(turn, meaning=replace(meaning, sureness=Sureness.ACT)) if first == second else turn


def with_share_told(turn: Turn) -> Turn:
    """Asked how much, or once that is told, so many percent is an amount; elsewhere it may be a discount, or a size of it.
    "Make it 10": so is a number alone."""
    slots, talk = turn.meaning.slots, turn.conversation.talk
    if "amount" not in slots and turn.meaning.intent == "change_refund" and slots.get("change") == "amount":
        return _with_amount(turn, _number_alone(turn, anything=True))
    if talk is None or "amount" in slots:
        return turn
    known = "amount" in talk.slots
    told = f"{slots['percent']}%" if "percent" in slots and (known or talk.asking in _HOW_MUCH) else ""
    if known and not told and "correct" in slots:
        told = _number_alone(turn, anything=talk.asking == "confirm")
    return _with_amount(turn, told)


def _with_amount(turn: Turn, told: str) -> Turn:
    if not told:
        return turn
    meaning = turn.meaning
    exact = meaning.exact | ({"amount"} if "percent" in meaning.exact else set())
    return replace(turn, meaning=replace(meaning, slots={**meaning.slots, "amount": told}, exact=exact))


def _number_alone(turn: Turn, *, anything: bool) -> str:
    """The one number of a message that tells nothing else, or `anything` else: "actually 2 of them are broken" is no 2 yuan."""
    numbers = _NUMBER.findall(turn.meaning.text)
    beside = normalise(_NUMBER.sub(" ", turn.meaning.text))
    alone = turn.meaning.slots.keys() - {"change"} == {"correct"} and len(beside) <= _FEW
    return numbers[0] if len(numbers) == 1 and (alone or anything) else ""


def with_trouble_told(turn: Turn) -> Turn:
    """A trouble is the reason of a refund and is not asked for again, unless the words are a plain answer."""
    tells = _TELLS.get(turn.meaning.intent or "", {})
    talk = turn.conversation.talk
    answers = {talk.asking, "came"} if talk and talk.asking else set()
    if not tells or answers & turn.meaning.exact:
        return turn
    slots = turn.meaning.slots
    told = {**slots, **tells} if tells is _NOT_RECEIVED else {**tells, **slots}
    return replace(turn, meaning=replace(turn.meaning, slots=told))
