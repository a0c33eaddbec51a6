"""Light English stems: refund, refunds, refunded and refunding become one."""

from __future__ import annotations

from functools import lru_cache

_ENDINGS = (
    ("ization", "ize"),
    ("ations", "ate"),
    ("ation", "ate"),
    ("ments", "ment"),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ers", "er"),
    ("ed", ""),
    ("es", "e"),
    ("s", ""),
    ("ly", ""),
)
_SHORTEST = 4
"""Letters below which a word is left alone."""


@lru_cache(16_384)
def stem(word: str) -> str:
    """The word without its ending; words of another script stay as they are."""
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return word
    short = _without_ending(word)
    if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "lse":
        short = short[:-1]
    if len(short) > 3 and short[-1] == "e":
        short = short[:-1]
    return short[:-1] + "i" if len(short) > 3 and short[-1] == "y" else short


def _without_ending(word: str) -> str:
    for ending, instead in _ENDINGS:
        kept = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(kept) >= 3 and not (ending == "s" and word.endswith("ss")):
            return kept
    return word
