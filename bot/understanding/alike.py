"""Which of many words may be so like a text: all that are, and few others, so that few have to be compared letter by letter.

Likeness is rapidfuzz's `ratio`, twice the letters in common order over all letters of both. Two words with L letters in
common order and d letters that are not have these in at most d + 1 runs, and so at least L - d - 1 pairs of neighbours in
common. Of any more of a text's pairs than it may lack, a word that is like it has one: the rarest are looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from rapidfuzz import fuzz, process

PERCENT = 86
"""Percent of likeness from which a short message is taken for what it is like."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Words to which texts may be alike, in their order."""

    words: Sequence[str]
    by_pair: dict[str, list[int]] = field(init=False)
    """Two letters that stand together to the places of the words that have them."""

    def __post_init__(self) -> None:
        by_pair: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            for pair in _pairs(word):
                by_pair.setdefault(pair, []).append(place)
        object.__setattr__(self, "by_pair", by_pair)

    def to(self, text: str) -> list[tuple[int, float]]:
        """The places of the words that are at least `PERCENT` like the text, and how like, in their order."""
        perhaps = {place: self.words[place] for place in self._perhaps(text)}
        found = process.extract(text, perhaps, scorer=fuzz.ratio, score_cutoff=PERCENT, limit=None)
        return sorted((place, likeness) for _, likeness, place in found)

    def most(self, text: str) -> int | None:
        """The place of the word that is most like the text, the first of several; None when none is like it."""
        return max(self.to(text), key=lambda found: found[1], default=(None, 0.0))[0]

    def _perhaps(self, text: str) -> Collection[int]:
        """Those of a size that can be, with one of the rarest pairs."""
        pairs = sorted((self.by_pair.get(pair, _NONE) for pair in _pairs(text)), key=len)
        lacks = _most_lacked(len(text))
        if len(pairs) <= lacks:  # too short to be told by its pairs
            return range(len(self.words))
        least, most = len(text) * PERCENT // (200 - PERCENT), -(-len(text) * (200 - PERCENT) // PERCENT)
        of_pairs = {place for places in pairs[: lacks + 1] for place in places}
        return [place for place in of_pairs if least <= len(self.words[place]) <= most]


_NONE: list[int] = []


def _pairs(text: str) -> Iterable[str]:
    return {first + second for first, second in pairwise(text)}


@cache
def _most_lacked(size: int) -> int:
    """How many of the pairs of a text of that size a word that is like it may lack, at most."""
    lacked = 0
    for other in range(1, 2 * size):
        common = -(-PERCENT * (size + other) // 200)
        if common <= min(size, other):
            lacked = max(lacked, size - 1 - (common - (size + other - 2 * common) - 1))
    return lacked
