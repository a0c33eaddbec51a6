"""Peer: rapidfuzz alone. The phrase that is most like the message gives its intent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bot.bench.dataset import Example
from bot.bench.matchers import Ranking

Scorer = Callable[..., float]
"""Two texts to their likeness, 0 to 100."""


class Nearest:
    """Every phrase compared with the message by one similarity; upper case and punctuation do not count."""

    def __init__(self, examples: Sequence[Example], scorer: Scorer) -> None:
        self._phrases = [default_process(text) for text, _ in examples]
        self._intents = [intent for _, intent in examples]
        self._scorer = scorer

    def rank(self, text: str) -> Ranking:
        """Each intent with its best phrase; of phrases equally like, the first one's intent stands first."""
        best: dict[str, float] = {}
        for _, score, index in process.extract(
            default_process(text), self._phrases, scorer=self._scorer, limit=None
        ):
            best.setdefault(self._intents[index], score / 100)
        return list(best.items())


def by_ratio(examples: Sequence[Example]) -> Nearest:
    """Letters in order: the floor that every matcher has to be above."""
    return Nearest(examples, fuzz.ratio)


def by_token_set_ratio(examples: Sequence[Example]) -> Nearest:
    """Words shared, in any order."""
    return Nearest(examples, fuzz.token_set_ratio)


def by_wratio(examples: Sequence[Example]) -> Nearest:
    """The weighted mixture that `process` uses by itself."""
    return Nearest(examples, fuzz.WRatio)
