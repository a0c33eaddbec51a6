"""What tells whose order it is, and nothing of what is wanted: its number, and the end of the phone number it was placed with."""

from __future__ import annotations

import re

from bot.understanding.normalise import normalise
from bot.understanding.slots import words_en, words_zh

_NUMBER = re.compile(r"[A-Za-z0-9-]{6,40}")
_PHONE_ENDS = re.compile(
    rf"(?:{words_zh.PHONE_ENDS}|\b{words_en.PHONE_ENDS})\W{{0,3}}(?:是|为|is|are)?\W{{0,2}}\d{{4}}(?![\dA-Za-z])",
    re.IGNORECASE,
)
_SMALL = re.compile(rf"(?:{words_zh.TELLS_WHOSE}|\b(?:{words_en.TELLS_WHOSE})\b|\d{{4}}|\s)+", re.IGNORECASE)


def without_proof(text: str) -> str:
    """The text without the end of a phone number that is told beside a longer number: it asks for nothing."""
    bare = _PHONE_ENDS.sub(" ", text)
    longer = any(sum(map(str.isdigit, number)) >= 6 for number in _NUMBER.findall(bare))
    return bare if longer else text


def only_identifies(text: str, number: str) -> bool:
    """True when a text tells this order's number, perhaps the end of the phone number, and not a word more."""
    if not number:
        return False
    bare = normalise(re.sub(re.escape(number), " ", text, flags=re.IGNORECASE))
    return bare != normalise(text) and (not bare or _SMALL.fullmatch(bare) is not None)
