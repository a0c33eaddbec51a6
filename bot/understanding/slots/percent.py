"""Percent: the part of the price somebody wants off or back, as a plain decimal without a sign."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal

from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.numeral import HAN, han_number
from bot.understanding.slots.said import Said

_MADE_OF = r"(?!\s?(?:cotton|wool|silk|linen|sure|new|real|genuine|original|纯|棉|羊|真|正|全新|确定))"
"""100% cotton is no wish."""
_SIGN = re.compile(
    rf"(?<![\d.,\-−])(\d{{1,3}}(?:\.\d{{1,2}})?)\s?(?:%|percent\b|per cent\b){_MADE_OF}", re.IGNORECASE
)
_OF_A_HUNDRED = re.compile(rf"百分之(?:(\d{{1,3}}(?:\.\d{{1,2}})?)|({HAN}{{1,4}}))")
_TENTHS = re.compile(rf"(?<!{HAN})({HAN}{{1,3}}|(?<![\d.])[1-9])成(?=$|[^\u3400-\u9fff]|[的吧钱款给])")
_LEFT = re.compile(
    r"(?<![\d.])(?:([1-9])\.?(\d)?|([一二三四五六七八九])点?([一二三四五六七八九])?)折(?![叠叠腾扣断痕])"
)
"""八折: eight tenths are left to pay; 八五折: 85 in a hundred."""
_HALF_PRICE = re.compile(r"半价|对折|對折|\bhalf[ -]price\b", re.IGNORECASE)


def percent(said: Said, _: Context, found: Found) -> None:
    """20%, 百分之二十, 两成 and 八折 all are 20: off, or back."""
    for pattern, read in _READ:
        if match := pattern.search(said.rest):
            with suppress(ValueError):  # 五六成 is about so much
                _put(read(match), said.mostly(match[0]), found)
            said.take(*match.span())
            return


def _put(value: Decimal, exact: bool, found: Found) -> None:
    if 0 < value <= 100:
        found.put("percent", f"{value:f}", exact)


def _of_a_hundred(match: re.Match[str]) -> Decimal:
    return Decimal(match[1]) if match[1] else Decimal(han_number(match[2]))


def _left(match: re.Match[str]) -> Decimal:
    tenths, hundredths = (match[1], match[2]) if match[1] else (match[3], match[4])
    return Decimal(100 - 10 * _digit(tenths) - (_digit(hundredths) if hundredths else 0))


def _digit(char: str) -> int:
    return int(char) if char.isascii() else han_number(char)


_READ = (
    (_SIGN, lambda match: Decimal(match[1])),
    (_OF_A_HUNDRED, _of_a_hundred),
    (_TENTHS, lambda match: Decimal(10 * _digit(match[1]))),
    (_LEFT, _left),
    (_HALF_PRICE, lambda _: Decimal(50)),
)
