"""What people are told of a meaning."""

from __future__ import annotations

from bot.domain.explanation import KEPT, explain
from bot.domain.meaning import Candidate, Meaning, Sureness

GUESSES = tuple(
    Candidate(f"intent_{n}", 0.9 - n / 10, f"phrase {n}", "message: sound", turned=n == 1) for n in range(5)
)


def test_what_no_wish_was_understood_of_has_a_nearest_guess_and_no_intent() -> None:
    unsure = explain(Meaning("hm", "en", GUESSES, Sureness.UNKNOWN))
    assert (unsure.intent, unsure.nearest) == (None, GUESSES[0])
    assert explain(Meaning("hm", "en", GUESSES, Sureness.ASK)).intent == "intent_0"
    assert explain(Meaning("", "en")).nearest is None


def test_in_short_it_keeps_the_best_guesses_and_every_slot() -> None:
    told = explain(Meaning("hm", "en", GUESSES, Sureness.ACT, slots={"amount": "20"})).in_short()
    assert told.candidates == GUESSES[:KEPT]
    assert told.slots == {"amount": "20"}


def test_traditional_characters_are_told_in_the_language() -> None:
    assert explain(Meaning("我要退貨", "zh", script="Hant")).language == "zh-Hant"
    assert explain(Meaning("我要退货", "zh", script="Hans")).language == "zh"
