"""How much is meant, told as so many percent, or as a number alone where only an amount can be meant."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.turn import Turn
from bot.flows.application import amount_in, amount_of, limit_of
from bot.understanding.figures import figures, without_figures
from bot.understanding.normalise import normalise

_HOW_MUCH = ("amount", "confirm")
_BESIDE = {"change", "after_no"}
"""Slots that a correction may have beside it."""
_FEW = 16
"""Characters of a few words that say no more than "make that … please"."""


def with_amount_told(turn: Turn) -> Turn:
    """Asked how much, or once that is told, so many percent is an amount; elsewhere it may be a discount, or a size of it.
    "Make it 10": so is a number alone."""
    slots, talk = turn.meaning.slots, turn.conversation.talk
    if "amount" not in slots and turn.meaning.intent == "change_refund" and slots.get("change") == "amount":
        return _with_amount(turn, _number_alone(turn, anything=True))
    if talk is None or "amount" in slots:
        return _with_amount(turn, _with_more(turn) if talk else "", exact=True)
    known = "amount" in talk.slots
    if known and talk.asking == "evidence" and not slots:
        return _with_amount(turn, _nothing_else(turn), exact=True)
    told = f"{slots['percent']}%" if "percent" in slots and (known or talk.asking in _HOW_MUCH) else ""
    if known and not told and "correct" in slots:
        told = _number_alone(turn, anything=talk.asking == "confirm")
    return _with_amount(turn, told)


def _with_more(turn: Turn) -> str:
    """ "Another 50" is 50 more than was named before; nothing where none was, or it is not so told."""
    more, known = turn.meaning.slots["amount"], turn.slot("amount")
    if "added" not in turn.meaning.slots or not known or turn.facts.order(turn.slot("order")) is None:
        return ""
    before, limit = amount_of(turn), limit_of(turn)
    plus = amount_in(more, limit) if more[0].isdigit() and not more.endswith("%") else None
    return str((before + plus).decimal) if before and plus else ""


def _nothing_else(turn: Turn) -> str:
    """The number that is all of a message."""
    numbers = figures(turn.meaning.text)
    alone = len(numbers) == 1 and not any(map(str.isalnum, without_figures(turn.meaning.text)))
    return numbers[0] if alone and not turn.incoming.choice else ""


def _with_amount(turn: Turn, told: str, *, exact: bool = False) -> Turn:
    if not told:
        return turn
    meaning = turn.meaning
    exactly = meaning.exact | ({"amount"} if exact or "percent" in meaning.exact else set())
    return replace(turn, meaning=replace(meaning, slots={**meaning.slots, "amount": told}, exact=exactly))


def _number_alone(turn: Turn, *, anything: bool) -> str:
    """The one number of a message that tells nothing else, or `anything` else: "actually 2 of them are broken" is no 2 yuan."""
    numbers = figures(turn.meaning.text)
    beside = normalise(without_figures(turn.meaning.text))
    alone = turn.meaning.slots.keys() - _BESIDE == {"correct"} and len(beside) <= _FEW
    return numbers[0] if len(numbers) == 1 and (alone or anything) else ""
