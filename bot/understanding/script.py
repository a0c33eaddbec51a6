"""Which Chinese characters a message is written in: Simplified or Traditional ones."""

from __future__ import annotations

from bot.understanding.lexicon import Lexicon

SIMPLIFIED, TRADITIONAL = "Hans", "Hant"
"""As ISO 15924 names them."""


def script_of(text: str, lexicon: Lexicon, before: str) -> str:
    """The one that more of the characters belong to; empty when they are the same in both, or as many of each.

    Simplified ones are looked for only where they would tell something, for the table that knows them takes memory: beside
    Traditional ones, or after them.
    """
    traditional = _differ(text, lexicon.plain(text))
    if not traditional and before != TRADITIONAL:
        return ""
    simplified = _differ(text, lexicon.traditional(text))
    if traditional == simplified:
        return ""
    return TRADITIONAL if traditional > simplified else SIMPLIFIED


def _differ(text: str, other: str) -> int:
    return sum(one != two for one, two in zip(text, other, strict=False))
