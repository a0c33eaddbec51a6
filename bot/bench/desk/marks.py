"""By what a message is known again on a screen: letters, which are nobody's order number."""

from __future__ import annotations

import re
import string

_MARK = re.compile(r"〔([a-z]+)〕")


def marked(text: str, number: int) -> str:
    """The text with its mark behind it."""
    return f"{text} 〔{mark(number)}〕"


def mark_in(text: str) -> str:
    """The mark a text carries; empty when it carries none."""
    found = _MARK.search(text)
    return found[1] if found else ""


def mark(number: int) -> str:
    """The mark of the message with that number."""
    letters = ""
    while True:
        number, letter = divmod(number, 26)
        letters = string.ascii_lowercase[letter] + letters
        if not number:
            return letters
