"""What somebody calls themselves or a file, as it may stand in a line beside other words."""

from __future__ import annotations

import unicodedata

_MARKS = 4
"""Marks upon one character that any language writes; with more, a name covers the lines around it."""
_JOINERS = "\u200c\u200d"
"""Invisible, but what families of emoji and some scripts are written with."""
_LINES = frozenset({"Cc", "Zl", "Zp"})


def one_line(text: str) -> str:
    """The words in one line, without what is not seen or turns the direction of what follows."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (" " if unicodedata.category(char) in _LINES else char for char in text if not _hidden(char))
    return " ".join(_few_marks("".join(kept)).split())


def _hidden(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and char not in _JOINERS


def _few_marks(text: str) -> str:
    """No more marks in a row than are ever read."""
    found, row = [], 0
    for char in text:
        row = row + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if row <= _MARKS:
            found.append(char)
    return "".join(found)
