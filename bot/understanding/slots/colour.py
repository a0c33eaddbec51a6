"""A colour, by its plain English name."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.pattern import any_of, whole
from bot.understanding.slots.said import Said

_COLOURS = {**words_zh.COLOURS, **words_en.COLOURS}
_NAMED = re.compile(
    rf"(?P<zh>{any_of(words_zh.COLOURS)})(?:色|的(?!士|卡))|(?P<en>{whole(words_en.COLOURS)})(?! friday)",
    re.IGNORECASE,
)
"""黑色 and 黑的; not the red of 红包 or the blue of 蓝牙."""
_OF_TITLE = re.compile(f".({any_of(words_zh.COLOURS)})")


def colour(said: Said, context: Context, found: Found) -> None:
    """The first colour said; 雾蓝 where a line's title calls its colour so, 黑 where it is all that is said."""
    text = said.rest
    if match := _NAMED.search(text):
        found.put("colour", _COLOURS[(match["zh"] or match["en"]).lower()], said.mostly(match[0]))
    elif text in _COLOURS:
        found.put("colour", _COLOURS[text], exact=True)
    elif context.lines:
        pieces = (
            piece for piece in _OF_TITLE.finditer(text) if any(piece[0] in title for title in context.lines)
        )
        if piece := next(pieces, None):
            found.put("colour", _COLOURS[piece[1]], said.mostly(piece[0]))
