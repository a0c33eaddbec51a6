"""What a text is about as a whole, by words whose vectors were made to add up to what a sentence encoder says of a text.

A sentence encoder hears that "it is too small" and "the size does not fit" are near, but takes ten times as long as a
message may. What it says is put into a table once (`bot.lexicon.distil`, after Hinton et al., Distilling the Knowledge in a
Neural Network, 2015), with a vector for each word or piece of one. The table knows English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bot.understanding.lexicon import Array, Vectors
from bot.understanding.senses import unit


@dataclass(frozen=True, slots=True)
class Gist:
    """The table, and what all phrases have in common."""

    vectors: Vectors
    weight: float
    common: Array

    @classmethod
    def taught(cls, texts: Sequence[Sequence[str]], vectors: Vectors, weight: float) -> Self:
        """From the words of the phrases."""
        made = cls(vectors, weight, np.zeros(vectors.size, np.float32))
        mean = np.mean([made._whole(text) for text in texts], axis=0)
        return replace(made, common=mean.astype(np.float32))

    def of(self, text: Sequence[str]) -> Array:
        """Of a text's words, as long as the root of its weight; nothing where no word is known."""
        whole = self._whole(text)
        found: Array = self.weight**0.5 * unit(whole - self.common if whole.any() else whole)
        return found.astype(np.float32)

    def _whole(self, text: Sequence[str]) -> Array:
        total = np.zeros(self.vectors.size, np.float32)
        for word in text:
            total += self.vectors.of(word)
        return unit(total)
