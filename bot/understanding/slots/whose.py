"""Whose order is spoken of: somebody else's, or somebody's name, phone or address that stands on it."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import DETAILS, Said

_OTHERS = re.compile(rf"{words_zh.OTHERS_ORDER}|\b{words_en.OTHERS_ORDER}", re.IGNORECASE)
_CAME = re.compile(rf"{words_zh.CAME_BY_MISTAKE}|\b{words_en.CAME_BY_MISTAKE}\b", re.IGNORECASE)
"""Goods of somebody else that came, or went there: a mistake of ours, and no wish to look into what is theirs."""
_DETAILS = re.compile(rf"{words_zh.DETAILS_ASKED}|\b{words_en.DETAILS_ASKED}", re.IGNORECASE)
_OWN_DETAILS = re.compile(rf"{words_zh.OWN_DETAILS_ASKED}|\b{words_en.OWN_DETAILS_ASKED}", re.IGNORECASE)

_TO_CHANGE = re.compile(r"[改换換错錯变變填]|chang|wrong|updat|correct|differ|mistake|typo", re.IGNORECASE)
"""Said of what is the buyer's own, and is to be put right."""
_FILLED_IN = re.compile(r"[填]")
"""Says no more than that it was given, where it is asked what it was."""


def whose(said: Said, found: Found) -> None:
    """``others`` for somebody else's order, ``details`` where it is asked who is behind one, ``own_details`` where a buyer asks
    what stands on their own."""
    text = said.text[:DETAILS]
    if _OTHERS.search(text) and not _CAME.search(text):
        found.put("others", "yes")
    if _DETAILS.search(text) and not _TO_CHANGE.search(text):
        found.put("details", "yes")
    if _OWN_DETAILS.search(text) and not _TO_CHANGE.search(_FILLED_IN.sub("", text)):
        found.put("own_details", "yes")
