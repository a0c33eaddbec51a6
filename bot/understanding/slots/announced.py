"""What follows words that announce it, as it is written: 抬头是…, "the name is …", "no, the …"."""

from __future__ import annotations

import re

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import Said

_ANSWERS = frozenset({"after_no"})
"""Slots that are announced at the beginning alone, by what answers a question."""
_EDGES = " \t\n,，.。!！;；:：、-~"
"""What may stand between the words and the value; a stop behind it may belong to a name ("Ltd.")."""


def announced(said: Said, book: Phrasebook, context: Context, found: Found) -> None:
    """The rest of the message behind the first such words."""
    for slot, announcing in book.announcing.items():
        if not (context.asking if slot in _ANSWERS else context.reads(slot)):
            continue
        place = announcing.match(said.text) if slot in _ANSWERS else _first(announcing, said.text)
        if place and place.lastindex and (rest := said.text[place.end() :].lstrip(_EDGES).rstrip()):
            found.put(slot, rest)


def _first(announcing: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((place for place in announcing.finditer(text) if place.lastindex), None)
