"""Texts as weighed pieces: rare ones count for more, and every text as a whole for the same (TF-IDF, unit length)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.lexicon import Array


@dataclass(frozen=True, slots=True)
class Weighed:
    """A text's known pieces: their places and weights."""

    places: NDArray[np.int32]
    weights: Array
    known: float = 0.0
    """The share of the text's pieces that was taught, by the square of their rareness; an untaught one is as rare as can
    be."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces that were taught."""

    places: dict[str, int]
    rareness: Array
    rarest: float
    """1 + ln((1 + texts) / (1 + texts with the piece)), as scikit-learn's smoothed idf."""

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Self:
        """Count the pieces of the taught texts."""
        spread = Counter(piece for text in texts for piece in set(text))
        places = {piece: place for place, piece in enumerate(spread)}
        rareness = [1 + log((1 + len(texts)) / (1 + count)) for count in spread.values()]
        return cls(places, np.array(rareness, np.float32), max(rareness, default=1.0))

    def weigh(self, text: Iterable[str]) -> Weighed:
        """One text; what is unknown takes no part in it."""
        counts = Counter(text)
        places = self.places
        known = {places[piece]: count for piece, count in counts.items() if piece in places}
        if not known:
            return _NOTHING
        at = np.fromiter(known, np.int32, len(known))
        rareness = self.rareness[at]
        weights = np.array([1 + log(count) for count in known.values()], np.float32) * rareness
        taught = float(rareness @ rareness)
        untaught = (len(counts) - len(known)) * self.rarest**2
        return Weighed(at, weights / sqrt(float(weights @ weights)), taught / (taught + untaught))


_NOTHING = Weighed(np.zeros(0, np.int32), np.zeros(0, np.float32))


def likeness(texts: Sequence[Weighed], size: int) -> Array:
    """How like each text is to each: the cosine, as a square table. `size` is how many pieces there are.

    Row by row: each of a text's pieces brings the texts that have it too, and its weight in them.
    """
    counts = [len(text.places) for text in texts]
    places = np.concatenate([text.places for text in texts])
    weights = np.concatenate([text.weights for text in texts])
    by_piece = np.argsort(places, kind="stable")
    owners = np.repeat(np.arange(len(texts)), counts)[by_piece]
    shares = weights[by_piece]
    begins = np.searchsorted(places[by_piece], np.arange(size + 1))
    table = np.zeros((len(texts), len(texts)), np.float32)
    for row, text in enumerate(texts):
        first, spread = begins[text.places], begins[text.places + 1] - begins[text.places]
        within = np.arange(spread.sum()) - np.repeat(np.cumsum(spread) - spread, spread)
        found = np.repeat(first, spread) + within
        products = shares[found] * np.repeat(text.weights, spread)
        table[row] = np.bincount(owners[found], weights=products, minlength=len(texts))
    return table
