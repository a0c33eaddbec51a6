"""What is compared: anything that ranks intents for a message. And the one under test: ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.bench.dataset import Example
from bot.domain.meaning import Candidate, Sureness
from bot.folder.kept import Kept
from bot.folder.learned import Learned
from bot.lexicon import load_lexicon
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import is_cjk, normalise
from bot.understanding.phrasebook import Wording, taught
from bot.understanding.recognise import Thresholds, recognise, sureness
from bot.understanding.recogniser import Lesson, Recogniser
from bot.understanding.slots import masked
from bot.understanding.understand import legible

Learn = Callable[[Sequence[Lesson], Lexicon], Recogniser]
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

    def __init__(self, wordings: tuple[Wording, ...], learn: Learn = Recogniser.of) -> None:
        self._wordings = wordings
        self._book = taught(wordings, (), load_lexicon(), learn)

    def rank(self, text: str) -> Ranking:
        """As the protocol says."""
        plain = masked(legible(text, load_lexicon()))
        return [(found.intent, found.confidence) for found in recognise(plain, self._book).candidates]

    def keep(self, folder: Path) -> None:
        """As `Cached` says."""
        OurMatcher(self._wordings, Learned(Kept(folder)))

    def again(self, folder: Path) -> Matcher:
        """As `Cached` says."""
        return OurMatcher(self._wordings, Learned(Kept(folder)))


def ours(examples: Sequence[Example]) -> Matcher:
    """The matcher under test. Phrases are taken as they stand: brackets in a benchmark's texts are no templates."""
    return OurMatcher(
        tuple(
            Wording(normal, text, intent, "zh" if is_cjk(text) else "en")
            for text, intent in examples
            if (normal := normalise(load_lexicon().plain(text)))
        )
    )


def our_sureness(ranking: Ranking) -> Sureness:
    """What the bot would do with this ranking at the thresholds it is shipped with."""
    guesses = tuple(Candidate(intent, confidence, "", "") for intent, confidence in ranking)
    return sureness(guesses, Thresholds())
