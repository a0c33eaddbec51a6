"""Places in a row: ``1`` is the first, ``-1`` the last, ``-2`` the one before it."""

from __future__ import annotations

import re

from bot.understanding.slots.context import WITH_PLACES, Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.numeral import whole_number
from bot.understanding.slots.said import Said

_DIGIT = "[1-9一二两三四五六七八九]"
_NO_THING = r"(?! (?:of all|thing|time|name|hand|week|month|year|night|day|digits?|few|four|4)\b)"
_PATTERNS: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), value)
    for pattern, value in (
        (rf"倒数第\s?({_DIGIT})(?!天|次)", "-"),
        (r"倒数|\b(?:second|2nd)(?: to|-| from the)?[ -]last\b|\blast but one\b|\bpenultimate\b", "-2"),
        (r"\b(?:third|3rd)(?: to|-| from the)?[ -]last\b", "-3"),
        (rf"第\s?({_DIGIT})(?!天|次|方|时间|周|名|\d)\s*[个件单笔条]?", None),
        (rf"(?<!at )\b(?:first|1st)\b{_NO_THING}|\bformer\b", "1"),
        (rf"(?<!\ba )(?<!one )(?<!per )\b(?:second|2nd)\b{_NO_THING}", "2"),
        (rf"\b(?:third|3rd)\b{_NO_THING}", "3"),
        (rf"\b(?:fourth|4th)\b{_NO_THING}", "4"),
        (rf"\b(?:fifth|5th)\b{_NO_THING}", "5"),
        (rf"最后[一个]|(?<!at )\blast\b{_NO_THING}|\blatter\b", "-1"),
    )
)
_NEWEST = (
    r"最新(?!的?(?:物流|进度|消息|情况|状态|动态|进展))|最近(?=[的买下拍那这一个]|$)|最后(?:买|下单|拍)|刚(?:刚|才)?(?:买|下单|拍)的|\b(?:newest|latest|most recent)\b(?! (?:news|update|status|info|scan))|\blast (?:order|purchase)\b"
    r"|\b(?:bought|ordered) (?:last|most recently)\b"
)
_OLDEST = r"最早|最老|最旧|\b(?:oldest|earliest|first (?:order|purchase))\b"
_AGES = tuple(
    (re.compile(pattern, re.IGNORECASE), age) for pattern, age in ((_NEWEST, "newest"), (_OLDEST, "oldest"))
)
_OF_ORDERS = re.compile(
    r"(?:最新|最近|最早|最老|最旧|最后|刚(?:刚|才)?)(?:买|下|拍|下单)?的?(?:这|那|一)?(?:一)?[个笔张]?(?:订单|单)"
    r"|\b(?:newest|latest|most recent|last|oldest|earliest|first) (?:order|purchase|(?:one|thing) (?:that )?i (?:bought|ordered|got))\b"
    r"|\bone i (?:bought|ordered) (?:last|most recently)\b",
    re.IGNORECASE,
)
"""Said of orders, whatever is asked."""
_AGED = frozenset({"order", "case"})
"""Questions whose answers are older and newer."""
_BARE = re.compile(rf"(?:选|選|option |number |no\.? ?|#)?\s?({_DIGIT})\s?[.)、。号]?", re.IGNORECASE)


def age(said: Said, context: Context, found: Found) -> None:
    """The newest order, or the oldest: it may stand anywhere in a list."""
    if context.asking not in _AGED and not _OF_ORDERS.search(said.rest):
        return
    for pattern, value in _AGES:
        if match := pattern.search(said.rest):
            found.put("age", value, len(said.text) <= 16)
            said.take(*match.span())
            return


def ordinal(said: Said, context: Context, found: Found) -> None:
    """A place that is named; or a bare digit where what was asked has places."""
    for pattern, value in _PATTERNS:
        if match := pattern.search(said.rest):
            sign = value if value == "-" else ""
            place = f"{sign}{whole_number(match[1])}" if value in (None, "-") else value
            found.put("ordinal", place or "", len(said.text) <= 16)
            return
    if context.asking in WITH_PLACES and (bare := _BARE.fullmatch(said.text)):
        found.put("ordinal", str(whole_number(bare[1])), exact=True)
