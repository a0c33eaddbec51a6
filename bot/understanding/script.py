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
    plain = lexicon.plain(text)
    if plain == text and before != TRADITIONAL:
        return ""
    other = lexicon.traditional(text)
    if not len(plain) == len(text) == len(other):
        return ""
    traditional = sum(char != simple for char, simple in zip(text, plain, strict=True))
    # 裏 is Traditional too, though Taiwan writes 裡
    simplified = sum(
        char == simple and char != full for char, simple, full in zip(text, plain, other, strict=True)
    )
    if traditional == simplified:
        return ""
    return TRADITIONAL if traditional > simplified else SIMPLIFIED
