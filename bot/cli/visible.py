"""Others' words on a terminal and in a log: what a terminal would obey, or a reader be misled by, is written out."""

from __future__ import annotations

import re

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Moves the cursor, changes colours, titles and the clipboard, begins a line for some readers, or turns the direction."""


def visible(text: str) -> str:
    r"""The text as it is, but for such characters: ``\x1b`` stands for one. Tabs and ends of lines stay."""
    return _OBEYED.sub(_written_out, text)


def visible_line(text: str) -> str:
    """The same in one line, so that nobody's words begin one of their own."""
    return visible(text).replace("\n", r"\n")


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
