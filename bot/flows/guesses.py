"""Guesses at what is meant: how sure one must be to be more than a likeness, and two that come to the same."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.meaning import Sureness
from bot.domain.turn import Turn

SURE = 0.6
"""From this on a guess is no mere likeness."""
_COMES_TO = {"return_goods": "request_refund"}
"""Intents that come to the same in the end: whether goods or only money go back is told on the way."""


def with_guesses_joined(turn: Turn) -> Turn:
    """Which of two is meant needs no asking where they come to the same: the likelier is taken."""
    guesses, meaning = turn.meaning.candidates, turn.meaning
    if meaning.sureness is not Sureness.ASK or len(guesses) < 2 or guesses[0].confidence < SURE:
        return turn
    first, second = (_COMES_TO.get(guess.intent, guess.intent) for guess in guesses[:2])
    return replace(turn, meaning=replace(meaning, sureness=Sureness.ACT)) if first == second else turn
