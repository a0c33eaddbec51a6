"""Amounts of money and their currency: a plain decimal, ``half`` or ``all``. Below zero there is none."""

from __future__ import annotations

import re
from contextlib import suppress

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.numeral import HAN, han_number
from bot.understanding.slots.pattern import any_of
from bot.understanding.slots.said import Said
from bot.understanding.words import Words

_NUMBER = r"(?<![\d.])(?<!\d[,，])(?:\d{1,3}(?:[,，]\d{3}){1,2}|\d{1,9})(?:\.\d{1,3})?(?!\d|[.,，]\d)"
"""Digits, with or without thousands separators; never a piece of a longer number."""
_MINUS = r"\-−–—－负負"
_BEFORE = rf"(?:{any_of(words_en.SIGNS)}|rmb|cny|usd|eur|gbp|hkd|jpy)"
_WORD = rf"(?:{any_of(words_en.MONEY)})(?![A-Za-z])"
_THINGS = "(?![儿兒]|手表|表|布|毛巾|香皂|肥皂|蛋糕|地毯|电池|屏|板|肉|糖)"
"""一块儿 is together, 两块布 is cloth."""
_UNIT = rf"(?:{any_of(words_zh.MONEY)}){_THINGS}"
_RANGE = rf"(?!\s?[~～{_MINUS}到至]\s?[¥￥$€£]?\d)"
_TENTHS = rf"(?P<tenths>\d(?!\d)|{HAN})?"
"""The five of 二十块五."""
AMOUNT = re.compile(
    rf"(?:{_BEFORE})\s*({_NUMBER}){_RANGE}"
    rf"|({_NUMBER})\s*(?:(?:{_UNIT}){_TENTHS}|{_WORD}|{any_of(words_en.SIGNS)})",
    re.IGNORECASE,
)
HAN_AMOUNT = re.compile(rf"(?<!{HAN})({HAN}{{1,8}})\s*(?:{_UNIT}){_TENTHS}(?![起来退买寄发])")
"""Not 一块退: that is together as well."""
_LEADING = re.compile(
    rf"\s*(?:{_BEFORE})?\s*({_NUMBER})\s*(?:{_UNIT}|{_WORD}|{any_of(words_en.SIGNS)}|(?-i:[A-Z]{{3}}\b))?(?:\s+(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(rf"^[^\d{_MINUS}第]{{0,12}}({_NUMBER})[^\d%折成多几到至~～{_MINUS}]{{0,8}}$")
_BARE_HAN = re.compile(rf"^[^\d{_MINUS}第]{{0,4}}?({HAN}{{1,8}})[吧呗就行好了]{{0,3}}$")
_CLAIMED = re.compile(rf"\s*({_NUMBER})(\s*)")
_STOP = re.compile(
    r"\s*(?:$|[,，。.!！?？;；~～\n])|\s+(?=[\u3400-\u9fff])(?![个件双条只套盒瓶包张支本份台天号])"
)
_ALONE = re.compile(rf"(?<![第吗嗎呢])({_NUMBER})(?!\s*[%折成多几到至~～{_MINUS}张个件天号点次])")
_SHORT = 40
"""Characters of a message that is an answer."""
_BELOW_ZERO = re.compile(rf"(?:[{_MINUS}]|\d\s?[~～到至])\s*{_BEFORE}?\s*$", re.IGNORECASE)
"""What stands before an amount that is none: a minus, or the dash of a span."""
_ALL = re.compile(
    r"全部|全额|全款|全退|都退|所有|[两二三四几]个?都|^\W*(?:all|full|everything|全|都|[全都]要|全都要?)[的吧]?\W*$|\bboth\b|\bfull (?:amount|refund)\b|\ball of (?:it|them)\b",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?<![少缺漏坏])(?<![少缺漏坏]了)一半(?!是|都[没坏碎破]|[没坏碎破])|(?<!\d)1⁄2(?!\d)"
    r"|\bhalf\b(?! (?:an?|past|of (?:it|them) (?:is|are|was|were)|is|are|was|were|broken|missing)\b)",
    re.IGNORECASE,
)
"""Half of the money; not half of the goods that is missing."""
_CURRENCY = re.compile(
    rf"{any_of({**words_en.SIGNS, **words_zh.MONEY})}|(?:{any_of(words_en.MONEY)})(?![a-z])", re.IGNORECASE
)
_CURRENCIES = {**words_en.MONEY, **words_en.SIGNS, **words_zh.MONEY}


def stated_amount(said: Said, _: Context, found: Found) -> None:
    """An amount that says it is one, and its currency when it was said."""
    text = said.rest
    if _HALF.search(text):
        found.put("amount", "half", len(said.text) <= 8)
    elif match := (said.has_digits and AMOUNT.search(text)) or HAN_AMOUNT.search(text):
        if not _BELOW_ZERO.search(text[max(match.start() - 8, 0) : match.start()]):
            with suppress(ValueError):  # 两三百块 is about so much
                found.put("amount", _decimal(match), said.mostly(match[0]))
                _currency(match[0], found)
        said.take(*match.span())
    elif _ALL.search(text):
        found.put("amount", "all", len(said.text) <= 12)


def leading_amount(text: str) -> tuple[str, str] | None:
    """The amount that begins a line, as a plain decimal, and what is said behind it; None where none does."""
    match = _LEADING.fullmatch(text)
    return (re.sub("[,，]", "", match[1]), match[2] or "") if match else None


def claimed_amount(said: Said, words: Words, found: Found) -> None:
    """A number right behind a word that asks for a sum, and nothing behind it that would be counted: 赔我100, "at least 60"."""
    if "amount" in found.slots or not said.has_digits:
        return
    text = said.rest.casefold()
    for asks in words.sum.finditer(text):
        number = _CLAIMED.match(text, asks.end())
        if number and len(asks[0]) == len(number[1]) == 1:
            continue  # 退2 may be the second, or two of them
        if number and (_STOP.match(text, number.end(1)) or words.sum_end.match(text, number.end(2))):
            found.put("amount", _decimal(number), said.mostly(text[asks.start() : number.end()]))
            said.take(*number.span(1))
            return


def sum_alone(text: str) -> str | None:
    """The one number of a short answer to "how much?", as a plain decimal: 60可以吗, "make it 6"; None where there is none."""
    rest = Said.of(text).rest
    found = list(_ALONE.finditer(rest)) if len(rest) <= _SHORT else []
    return _decimal(found[0]) if len(found) == 1 else None


def bare_amount(said: Said, context: Context, found: Found) -> None:
    """A number that is the answer to "how much?"."""
    if context.asking != "amount" or "percent" in found.slots or len(said.rest) > _SHORT:
        return
    if match := _BARE.match(said.rest) or _BARE_HAN.match(said.rest):
        with suppress(ValueError):
            found.put("amount", _decimal(match), exact=True)


def _decimal(match: re.Match[str]) -> str:
    """The number of an amount as a plain decimal; ValueError where it is not one number."""
    tenths = match.groupdict().get("tenths")
    number = next(group for group in match.groups() if group)
    whole = re.sub("[,，]", "", number) if number[0].isdigit() else str(han_number(number))
    return (
        f"{whole}.{tenths if tenths.isdigit() else han_number(tenths)}"
        if tenths and "." not in whole
        else whole
    )


def _currency(stated: str, found: Found) -> None:
    if match := _CURRENCY.search(stated):
        found.put("currency", _CURRENCIES[match[0].lower()])
