"""What is compared: anything that ranks intents for a message. And the one under test: ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.bench.dataset import Example
from bot.domain.meaning import Candidate, Sureness
from bot.understanding.normalise import is_cjk, normalise
from bot.understanding.phrasebook import Phrasebook, Wording
from bot.understanding.recognise import Thresholds, candidates, sureness

Ranking = Sequence[tuple[str, float]]
"""Intents with their confidence, 0 to 1, best first; empty when there is no guess at all."""


class Matcher(Protocol):
    """Has learned from examples, and guesses."""

    def rank(self, text: str) -> Ranking:
        """The likeliest intents of a message."""
        ...


@runtime_checkable
class Cached(Matcher, Protocol):
    """A matcher that can keep what it has learned, so that the next start is quicker."""

    def keep(self, folder: Path) -> None:
        """Write it there."""
        ...

    def again(self, folder: Path) -> Matcher:
        """The same matcher, read from there."""
        ...


class OurMatcher:
    """The matcher the bot has, taught with a benchmark's phrases."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book

    def rank(self, text: str) -> Ranking:
        """As the protocol says."""
        return [(found.intent, found.confidence) for found in candidates(text, self._book)]


def ours(examples: Sequence[Example]) -> Matcher:
    """The matcher under test. Phrases are taken as they stand: brackets in a benchmark's texts are no templates."""
    found = [
        Wording(normal, text, intent, "zh" if is_cjk(text) else "en")
        for text, intent in examples
        if (normal := normalise(text))
    ]
    exact = {wording.text: wording for wording in reversed(found)}
    return OurMatcher(Phrasebook(tuple(found), (), exact, frozenset({"zh"})))


def our_sureness(ranking: Ranking) -> Sureness:
    """What the bot would do with this ranking at the thresholds it is shipped with."""
    guesses = tuple(Candidate(intent, confidence, "", "") for intent, confidence in ranking)
    return sureness(guesses, Thresholds())
