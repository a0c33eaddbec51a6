"""What is known of words before any phrase is taught: sounds of characters, their plain forms, and what words are near to.

The tables come from elsewhere (`bot.lexicon` loads them); here they are only looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
_BEGIN = "▁"
"""How the pieces mark that a word begins."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Word vectors (static embeddings): pieces of words, and a row for each."""

    pieces: Mapping[str, int]
    rows: NDArray[np.float16]

    @property
    def size(self) -> int:
        """Numbers a word's vector has."""
        return int(self.rows.shape[1])

    def of(self, word: str) -> Array:
        """A word's vector: the mean of its pieces, the longest known ones from the left."""
        found: list[int] = []
        rest = _BEGIN + word[:_LONGEST]
        while rest:
            end = next((end for end in range(len(rest), 0, -1) if rest[:end] in self.pieces), 0)
            if end:
                found.append(self.pieces[rest[:end]])
            else:
                end = 1
                found += [self.pieces[byte] for byte in _bytes(rest[0]) if byte in self.pieces]
            rest = rest[end:]
        if not found:
            return np.zeros(self.size, np.float32)
        mean: Array = self.rows[found].astype(np.float32).mean(axis=0)
        return mean


def _bytes(char: str) -> list[str]:
    """The pieces that stand for the bytes of a character no piece has."""
    return [f"<0x{byte:02X}>" for byte in char.encode()]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables."""

    plain: Callable[[str], str] = str
    """Traditional characters to Simplified ones."""
    syllables: Mapping[str, str] = field(default_factory=dict)
    """A character to its commonest syllable, without the tone."""
    vectors: Vectors | None = None

    def knows(self, word: str) -> bool:
        """True for a word that is right though nobody taught it: a whole piece, and no short rare one."""
        if self.vectors is None or len(word) < _SHORTEST:
            return False
        piece = self.vectors.pieces.get(_BEGIN + word)
        return piece is not None and (len(word) > _SHORTEST or piece < _COMMON)
