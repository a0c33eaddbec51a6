"""Numbers of a message in figures, each whole: no part of a longer number, a date, a time or a share."""

from __future__ import annotations

import re

_FIGURES = re.compile(r"(?<![\d.,:/-])\d{1,7}(?:\.\d{1,2})?(?![\d%,:/-]|\.\d)")


def figures(text: str) -> tuple[str, ...]:
    """The numbers of a text, as they are written."""
    return tuple(_FIGURES.findall(text))


def without_figures(text: str) -> str:
    """What stands beside them."""
    return _FIGURES.sub(" ", text)
