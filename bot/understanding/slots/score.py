"""A score of one to five: in figures, or in the words that are taught for it; and what is said beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import Said

SCORE, BESIDE = "score", "beside_score"
_FIGURE = re.compile(r"(?<![\d.,:/-])([1-5])(?:\s*/\s*5)?(?![\d%/:-]|[.,]\d)")
"""A number of 1 to 5 that is no part of another one."""
_EDGES = " \t\n,，.。!！;；:：、-~"


def score(said: Said, book: Phrasebook, context: Context, found: Found) -> None:
    """Figures go before words, and several tell none. Of a score in words all is kept that is more than the score."""
    if context.asking != SCORE:
        return
    figures = tuple(_figures(said.text, book.words.points))
    if figures:
        found.slots.pop(SCORE, None)
        found.exact.discard(SCORE)
    if len(figures) == 1:
        value, start, end = figures[0]
        beside = f"{said.text[:start]} {said.text[end:]}".strip(_EDGES)
        found.put(SCORE, value, exact=not beside)
    else:
        beside = said.text.strip(_EDGES) if SCORE in found.slots.keys() - found.exact else ""
    if beside:
        found.put(BESIDE, beside)


def _figures(text: str, points: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Each figure with the place it takes, its stars or points included."""
    at = 0
    while match := _FIGURE.search(text, at):
        unit = points.match(text, match.end())
        at = unit.end() if unit else match.end()
        yield match[1], match.start(), at
