"""What is known of words before any phrase is taught: sounds of characters, their plain forms, and what words are near to.

The tables come from elsewhere (`bot.lexicon` loads them); here they are only looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_SHORTEST = 4
"""Letters of a word that is known without being taught."""
_COMMON = 12_000
"""Pieces are numbered by how common they are; short ones beyond this are more often a slip than a word."""
_LONGEST = 32
"""Letters of a word that are looked up."""
_KEPT = 20_000
"""Words whose vectors are remembered."""
_BEGIN = "▁"
"""How the pieces mark that a word begins."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Word vectors (static embeddings): pieces of words, and a row for each."""

    piece: Callable[[str], int | None]
    """A piece's row, None for what is no piece."""
    rows: NDArray[np.float16] | NDArray[np.int8]
    steps: Array | None = None
    """What one of a row's numbers stands for, row by row; None where numbers stand for themselves."""
    known: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)
    """Words that were looked up."""

    @property
    def size(self) -> int:
        """Numbers a word's vector has."""
        return int(self.rows.shape[1])

    def of(self, word: str) -> Array:
        """A word's vector: the mean of its pieces."""
        vector = self.known.get(word)
        if vector is None:
            if len(self.known) >= _KEPT:
                self.known.clear()
            vector = self.known[word] = self._mean(word)
        return vector

    def _mean(self, word: str) -> Array:
        found = self.rows_of(word)
        if not found:
            return np.zeros(self.size, np.float32)
        numbers = self.rows[found].astype(np.float32)
        total: Array = np.add.reduce(numbers) if self.steps is None else self.steps[found] @ numbers
        return total / np.float32(len(found))

    def rows_of(self, word: str) -> list[int]:
        """The rows of a word's pieces, the longest known ones from the left."""
        found: list[int] = []
        rest = _BEGIN + word[:_LONGEST]
        while rest:
            rows, end = self._first(rest)
            found += rows
            rest = rest[end:]
        return found

    def _first(self, rest: str) -> tuple[list[int], int]:
        """The rows of the longest piece that it begins with, and where that ends."""
        for end in range(len(rest), 0, -1):
            row = self.piece(rest[:end])
            if row is not None:
                return [row], end
        return [row for byte in _bytes(rest[0]) if (row := self.piece(byte)) is not None], 1


def _bytes(char: str) -> list[str]:
    """The pieces that stand for the bytes of a character no piece has."""
    return [f"<0x{byte:02X}>" for byte in char.encode()]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables."""

    plain: Callable[[str], str] = str
    """Traditional characters to Simplified ones."""
    traditional: Callable[[str], str] = str
    """The other way, as Taiwan writes them."""
    syllable: Callable[[str], str | None] = lambda _: None
    """A character's commonest syllable, without the tone; None for what has none."""
    vectors: Vectors | None = None
    gist: Vectors | None = None
    """Whose sum over a text is near to what a sentence encoder says of it."""

    def knows(self, word: str) -> bool:
        """True for a word that is right though nobody taught it: a whole piece, and no short rare one."""
        if self.vectors is None or len(word) < _SHORTEST:
            return False
        piece = self.vectors.piece(_BEGIN + word)
        return piece is not None and (len(word) > _SHORTEST or piece < _COMMON)
