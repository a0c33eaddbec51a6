"""What tells whose order it is, and nothing of what is wanted: its number, and the end of the phone number it was placed with."""

from __future__ import annotations

import re

from bot.understanding.normalise import normalise
from bot.understanding.slots import words_en, words_zh

_LEAST_DIGITS = 6
_NUMBER = re.compile(r"[A-Za-z0-9-]{6,40}")
_PHONE_ENDS = re.compile(
    rf"(?:{words_zh.PHONE_ENDS}|\b{words_en.PHONE_ENDS})\W{{0,3}}(?:是|为|is|are)?\W{{0,2}}\d{{4}}(?![\dA-Za-z])",
    re.IGNORECASE,
)
_SMALL = re.compile(rf"(?:{words_zh.TELLS_WHOSE}|\b(?:{words_en.TELLS_WHOSE})\b|\d{{4}}|\s)+", re.IGNORECASE)
_MENDING = re.compile(
    rf"(?:{words_zh.TELLS_WHOSE}|{words_zh.MENDS}|\b(?:{words_en.TELLS_WHOSE}|{words_en.MENDS})\b|\d{{4}}|\s)+",
    re.IGNORECASE,
)


def without_proof(text: str) -> str:
    """The text without the end of a phone number that is told beside a longer number: it asks for nothing."""
    bare = _PHONE_ENDS.sub(" ", text)
    longer = any(map(_long, _NUMBER.findall(bare)))
    return bare if longer else text


def only_identifies(text: str, number: str) -> bool:
    """True when a text tells this order's number, perhaps the end of the phone number, and not a word more."""
    return _says_no_more(text, number, _SMALL)


def only_mends(text: str, number: str) -> bool:
    """The same of a text that says too that the number before was wrong."""
    return _says_no_more(text, number, _MENDING)


def _says_no_more(text: str, number: str, small: re.Pattern[str]) -> bool:
    """A number that is not in the text stands for the one that was typed."""
    if not number:
        return False
    whole = number.casefold() in text.casefold()
    typed = re.compile(re.escape(number), re.IGNORECASE) if whole else _NUMBER
    bare = normalise(typed.sub(lambda found: " " if whole or _long(found[0]) else found[0], text))
    return bare != normalise(text) and (not bare or small.fullmatch(bare) is not None)


def _long(number: str) -> bool:
    return sum(map(str.isdigit, number)) >= _LEAST_DIGITS
