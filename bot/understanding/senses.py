"""What a text means as a whole, by word vectors: near for words that are used alike, whatever their letters.

Two means side by side: of all its words alike, and of its words by how rare they are (a / (a + share of phrases), Arora
et al., A Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017), less what all phrases have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bot.understanding.lexicon import Array, Vectors

_RARE = 0.03
"""a of the formula."""


@dataclass(frozen=True, slots=True)
class Senses:
    """The phrases' words, and what all phrases have in common."""

    vectors: Vectors
    plain: float
    rare: float
    shares: Mapping[str, float]
    """Word to the share of phrases that have it."""
    common: Array

    @classmethod
    def taught(cls, texts: Sequence[Sequence[str]], vectors: Vectors, plain: float, rare: float) -> Self:
        """From the words of the phrases; `plain` and `rare` weigh the two means."""
        counts = Counter(word for text in texts for word in set(text))
        shares = {word: count / len(texts) for word, count in counts.items()}
        made = cls(vectors, plain, rare, shares, np.zeros(vectors.size, np.float32))
        mean = np.mean([unit(made._mean(text, by_rareness=True)) for text in texts], axis=0)
        return replace(made, common=mean.astype(np.float32))

    def of(self, text: Sequence[str]) -> Array:
        """Both means of a text's words, one after the other, each as long as the root of its weight."""
        parts = []
        if self.plain:
            parts.append(self.plain**0.5 * unit(self._mean(text, by_rareness=False)))
        if self.rare:
            parts.append(self.rare**0.5 * unit(unit(self._mean(text, by_rareness=True)) - self.common))
        return np.concatenate(parts).astype(np.float32)

    def _mean(self, text: Sequence[str], *, by_rareness: bool) -> Array:
        if not text:
            return np.zeros(self.vectors.size, np.float32)
        found = np.stack([self.vectors.of(word) for word in text])
        if not by_rareness:
            mean: Array = found.mean(axis=0)
            return mean
        weights = np.array([_RARE / (_RARE + self.shares.get(word, 0.0)) for word in text], np.float32)
        weighed: Array = (weights @ found) / np.float32(len(text))
        return weighed


def unit(vector: Array) -> Array:
    """As long as 1, or nothing."""
    length = float(np.sqrt(vector @ vector))
    return vector / length if length > 0 else vector
