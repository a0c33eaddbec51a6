"""How many of the goods are meant."""

from __future__ import annotations

import re
from contextlib import suppress

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.numeral import HAN, whole_number
from bot.understanding.slots.pattern import any_of
from bot.understanding.slots.said import Said

_COUNTED = re.compile(
    rf"(?<![\d.第哪那这這另上下后後每前负負\-]|{HAN})(\d{{1,3}}|{HAN}{{1,3}})\s?[{words_zh.COUNTERS}]"
    rf"(?!{words_zh.UNCOUNTED})"
)
"""两件; not 第二个, which is a place, nor 一个问题."""
_BOTH = re.compile("([俩倆])")
_TIMES = re.compile(
    r"(?<![A-Za-z\d])[x×*]\s?(\d{1,3})(?![\d.A-Za-z])|(?<![\d.])(\d{1,3})\s?[x×](?![A-Za-z\d])", re.IGNORECASE
)
_OF_THEM = re.compile(
    rf"(?<![A-Za-z\d.])(\d{{1,3}}|{any_of(words_en.NUMBERS)}) "
    rf"(?:of (?:them|these|those)\b|{words_en.COUNTED}\b)"
    r"|\b(?:qty|quantity)\W{0,3}(\d{1,3})(?![\d.])",
    re.IGNORECASE,
)


def quantity(said: Said, _: Context, found: Found) -> None:
    """The first number that counts goods, from one on."""
    for pattern in (_COUNTED, _TIMES, _OF_THEM, _BOTH):
        if match := pattern.search(said.rest):
            with suppress(ValueError):  # 两三件 is about so many
                _put(whole_number(match[match.lastindex or 1]), said.mostly(match[0]), found)
            said.take(*match.span())
            return


def _put(count: int, exact: bool, found: Found) -> None:
    if count:
        found.put("quantity", str(count), exact)
