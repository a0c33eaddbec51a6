"""The carrier a message names."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.pattern import any_of, whole
from bot.understanding.slots.said import Said

_CERTAIN = {**words_zh.CARRIERS, **words_en.CARRIERS}
_BESIDE = {**_CERTAIN, **words_zh.CARRIERS_BESIDE, **words_en.CARRIERS_BESIDE}
_NAME = re.compile(f"{any_of(words_zh.CARRIERS)}|{whole(words_en.CARRIERS)}", re.IGNORECASE)
_NAME_BESIDE = re.compile(
    f"{any_of({**words_zh.CARRIERS, **words_zh.CARRIERS_BESIDE})}"
    f"|{whole({**words_en.CARRIERS, **words_en.CARRIERS_BESIDE})}",
    re.IGNORECASE,
)


def carrier(said: Said, _: Context, found: Found) -> None:
    """A carrier that is named where its number did not tell it; none when several are."""
    if "carrier" in found.slots:
        return
    named = {_CERTAIN[match[0].lower()] for match in _NAME.finditer(said.rest)}
    if len(named) == 1:
        found.put("carrier", named.pop())


def carrier_beside(text: str) -> str:
    """The carrier named in the words beside a number; empty when there is none."""
    named = _NAME_BESIDE.search(text)
    return _BESIDE[named[0].lower()] if named else ""
