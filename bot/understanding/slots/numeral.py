"""Numbers in words."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh

HAN = f"[{''.join(words_zh.DIGITS)}{''.join(words_zh.UNITS)}]"
"""One character of a Chinese numeral, as a pattern."""
_ZERO = "[零〇]"
_ONE_TO_NINE = f"[{''.join(char for char, value in words_zh.DIGITS.items() if value)}]"
_NUMERAL = re.compile(
    "|".join(
        (
            "".join(rf"(?:{_ZERO}?{_ONE_TO_NINE}?{unit})?" for unit in "千百十")
            + f"(?:{_ZERO}?{_ONE_TO_NINE})?",
            _ZERO,
        )
    )
)
"""One number: units fall, and no two digits stand side by side."""


def han_number(text: str) -> int:
    """Read a Chinese numeral below ten thousand, such as 二十 or 一百零五; 一百二 is short for 一百二十.

    ValueError where it is not one number: 两三百 and 一百两百 are about so many.
    """
    if not _NUMERAL.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is no one number")
    total, digit, unit = 0, 0, 1
    for char in text:
        if char in words_zh.UNITS:
            unit = words_zh.UNITS[char]
            total += (digit or 1) * unit
            digit = 0
        else:
            digit = words_zh.DIGITS[char]
            unit = unit if digit else 10
    return total + digit * max(unit // 10, 1)


def whole_number(text: str) -> int:
    """Digits, a Chinese numeral or a small English one; ValueError when it is none of them."""
    if text.isascii() and text.isdigit():
        return int(text)
    if (said := words_en.NUMBERS.get(text.lower())) is not None:
        return said
    if not text or not all(char in words_zh.DIGITS or char in words_zh.UNITS for char in text):
        raise ValueError(f"{text[:20]!r} is no number")
    return han_number(text)
