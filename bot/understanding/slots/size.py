"""The size of a garment or a shoe, in one way of writing: ``XS`` to ``XXXXL``, ``42``, ``US 9``, ``one``."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.pattern import any_of
from bot.understanding.slots.said import Said

_LETTERS = r"X{1,4}[SL]|[2-5]X[SL]|[SML]"
_SHOE = r"[1-6]\d(?:\.5)?"
_NAMED = re.compile(
    rf"(?:\bsize|尺码|尺寸|码数|尺碼)\s?(?:is|是|为|:)?\s?"
    rf"(?P<size>(?:{_LETTERS}|{_SHOE}|{any_of(words_en.SIZES)})(?![A-Za-z\d]))"
    rf"|(?<![A-Za-z\d])(?P<before>{_LETTERS}|{_SHOE}|{any_of(words_en.SIZES)})\s?(?:size\b|[码碼])"
    rf"|\b{words_en.CHANGED_INTO}(?P<for>{_LETTERS}|{any_of(words_en.SIZES)})(?![A-Za-z\d])"
    rf"|{words_en.WANTED}(?P<needs>(?-i:[SML])|X{{1,4}}[SL])(?![A-Za-z\d'])"
    rf"|(?<![A-Za-z\d'.])(?P<rather>(?-i:[SML]))(?= (?:instead|please|pls)\b)"
    rf"|{words_zh.CHANGED_INTO}\s?(?P<instead>{_LETTERS}|{_SHOE})(?!\s*[A-Za-z\d.%元块塊刀个個件双雙天])"
    rf"|(?<![A-Za-z\d])(?P<letters>X{{1,4}}[SL]|[2-5]X[SL])(?![A-Za-z\d])"
    rf"|(?<![A-Za-z\d.])(?P<shoe>3[2-9]|4\d)号"
    rf"|(?<![A-Za-z])(?P<scale>(?-i:EU|US|UK))\s?(?P<number>\d{{1,2}}(?:\.5)?)(?![\d.A-Za-z])",
    re.IGNORECASE,
)
_WORD = re.compile(rf"(?P<word>{any_of(words_zh.SIZES)})[码碼号號]|(?P<more>加加大|加大|特大)")
_BARE = re.compile(rf"(?<![A-Za-z\d.])(?:[SML]|{_SHOE})(?![A-Za-z\d.])")


def size(said: Said, context: Context, found: Found) -> None:
    """The first size that is said to be one; a bare letter or number where a line's title has it."""
    match = _NAMED.search(said.rest) or _WORD.search(said.rest) or _of_a_line(said, context)
    if match is None:
        return
    found.put("size", _normal(match), said.mostly(match[0]))
    said.take(*match.span())


def _of_a_line(said: Said, context: Context) -> re.Match[str] | None:
    if context.asking == "amount" or not context.lines:
        return None
    had = (match for match in _BARE.finditer(said.rest) if _in_a_title(match[0], context))
    return next(had, None)


def _in_a_title(bare: str, context: Context) -> bool:
    return any(bare in _BARE.findall(title) for title in context.lines)


def _normal(match: re.Match[str]) -> str:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if number := groups.get("number"):
        scale = groups["scale"].upper()
        return number if scale == "EU" else f"{scale} {number}"
    word = next(iter(groups.values()), match[0])
    written = words_zh.SIZES.get(word) or words_en.SIZES.get(word.lower()) or word.upper()
    return "X" * int(written[0]) + written[-1] if re.fullmatch(r"\dX[SL]", written) else written
