"""Building patterns out of tables of words."""

from __future__ import annotations

from collections.abc import Iterable
from re import escape


def any_of(words: Iterable[str]) -> str:
    """One of these words, the longest that fits."""
    return "|".join(escape(word) for word in sorted(words, key=len, reverse=True))


def whole(words: Iterable[str]) -> str:
    """One of these words of Latin letters, as a word: "ups" but not in "upset"."""
    return rf"(?<![A-Za-z])(?:{any_of(words)})(?![A-Za-z])"
