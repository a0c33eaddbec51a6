"""The day a message speaks of, as ISO date; of several the first.

A day without a year, and one counted from today, is the latest that is not to come.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.understanding.slots import calendar, words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.numeral import HAN, whole_number
from bot.understanding.slots.pattern import any_of
from bot.understanding.slots.said import DETAILS, Said

_HINT = re.compile(
    r"\d|[天日周週期拜号號月旦双雙晚夜早]|day|night|morning|ago\b|mon|tue|wed|thu|fri|sat|sun", re.IGNORECASE
)
"""Something without which no day is said: most messages are passed over by it."""

Read = Callable[[re.Match[str], date], date]
"""The day a match means, seen from today; ValueError or OverflowError when there is none."""

_HAN_DAY = f"[{''.join(words_zh.DIGITS)}十]{{1,3}}"
_WEEKDAY_ZH = rf"(?:周|週|星期|礼拜|禮拜)([{''.join(words_zh.WEEKDAYS)}])"
_MONTH = rf"({any_of(words_en.MONTHS)})"
_DAY_OF = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR_AFTER = r"(?:,? (20\d\d)(?!\d))?"
_COUNT_EN = rf"(\d{{1,3}}|{any_of(words_en.NUMBERS)})"


def day_said(said: Said, context: Context, found: Found) -> None:
    """The first day said; all are taken, so that no slot reads their digits."""
    head = said.rest[:DETAILS]
    matches = _matches(head) if _HINT.search(head) else []
    days = ((_day(match, read, context.today), match[0]) for match, read in matches)
    if first := next(((day, words) for day, words in days if day), None):
        found.put("date", first[0].isoformat(), said.mostly(first[1]))
    for match, _ in reversed(matches):
        said.take(*match.span())


def _matches(text: str) -> list[tuple[re.Match[str], Read]]:
    """What looks like a day, from left to right; of two that overlap the one that begins first, or is longer."""
    every = [(match, read) for pattern, read in _PATTERNS for match in pattern.finditer(text)]
    chosen: list[tuple[re.Match[str], Read]] = []
    for match, read in sorted(every, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if not chosen or match.start() >= chosen[-1][0].end():
            chosen.append((match, read))
    return chosen


def _day(match: re.Match[str], read: Read, today: date | None) -> date | None:
    try:
        day = read(match, today or date.min)
    except (ValueError, OverflowError):
        return None
    if today is None:
        return day if read is _full else None
    return day if today - calendar.YEAR <= day else None


def _full(match: re.Match[str], _: date) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> date:
    return calendar.month_day(today, whole_number(match[1]), whole_number(match[2]))


def _slashed(match: re.Match[str], today: date) -> date:
    """11/3 is the third of November; where there is no such month, the first number is the day."""
    first, second = int(match[1]), int(match[2])
    return calendar.month_day(today, *((first, second) if first <= 12 else (second, first)))


def _day_of_month(match: re.Match[str], today: date) -> date:
    return calendar.day_of_month(today, whole_number(match[1]))


def _named_day(match: re.Match[str], today: date) -> date:
    return calendar.ago(today, {**words_zh.DAYS_AGO, **words_en.DAYS_AGO}[match[1].lower()])


def _feast(match: re.Match[str], today: date) -> date:
    return calendar.month_day(today, *{**words_zh.FEASTS, **words_en.FEASTS}[match[1].lower()])


def _weekday_zh(match: re.Match[str], today: date) -> date:
    day = words_zh.WEEKDAYS[match[2]]
    if match[1] is None:
        return calendar.weekday(today, day)
    return calendar.of_week(today, match[1].count("上"), day)


def _weekday_en(match: re.Match[str], today: date) -> date:
    day = words_en.WEEKDAYS[match[2].lower()]
    return calendar.of_week(today, 0, day) if match[1].lower() == "this" else calendar.weekday(today, day)


def _ago_zh(match: re.Match[str], today: date) -> date:
    return calendar.ago(today, whole_number(match[1]) * (1 if match[2] in "天日" else 7))


def _ago_en(match: re.Match[str], today: date) -> date:
    return calendar.ago(today, whole_number(match[1]) * words_en.UNITS[match[2].lower()])


def _month_first(match: re.Match[str], today: date) -> date:
    return _in_year(today, match[1], match[2], match[3])


def _day_first(match: re.Match[str], today: date) -> date:
    return _in_year(today, match[2], match[1], match[3])


def _in_year(today: date, month: str, day: str, year: str | None) -> date:
    number = words_en.MONTHS[month.lower()]
    return date(int(year), number, int(day)) if year else calendar.month_day(today, number, int(day))


_PATTERNS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            r"(?<![\dA-Za-z./-])(20\d\d)(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?![\d/-]|\.\d)[日号]?",
            _full,
        ),
        (
            rf"(?<![\d年])(\d{{1,2}}|{_HAN_DAY})月(?:份)?(\d{{1,2}}|{_HAN_DAY})(?![\d%])[日号號]?(?!元|块)",
            _month_day,
        ),
        (r"(?<![\d./A-Za-z-])(\d{1,2})/(\d{1,2})(?![\d/.%])", _slashed),
        (
            rf"(?<![\d第月.-]|{HAN})(0?[1-9]|[12]\d|3[01]|{_HAN_DAY})[号號日](?!楼|线|店|库|门|柜|码|链|产品)",
            _day_of_month,
        ),
        (f"({any_of(words_zh.DAYS_AGO)})", _named_day),
        (f"({any_of(words_zh.FEASTS)})", _feast),
        (rf"(?<![下每个\d一二两三四五六七八九十])(上上|上|这|這|本)?个?{_WEEKDAY_ZH}(?!内)", _weekday_zh),
        (rf"(?<!\d)(\d{{1,3}}|{HAN}{{1,3}})(天|日|周|个?星期|个?礼拜)(?:之?前|以前)", _ago_zh),
        (rf"\b({any_of(words_en.DAYS_AGO)})\b", _named_day),
        (rf"\b({any_of(words_en.FEASTS)})", _feast),
        (rf"\b(last|this|on|since) (?:last )?({any_of(words_en.WEEKDAYS)})\b", _weekday_en),
        (rf"(?<![\w.]){_COUNT_EN} ({any_of(words_en.UNITS)})s? ago\b", _ago_en),
        (rf"\b{_MONTH}\.? ?{_DAY_OF}\b(?!:){_YEAR_AFTER}", _month_first),
        (rf"(?<![\w.]){_DAY_OF} (?:of )?{_MONTH}\b{_YEAR_AFTER}", _day_first),
        (
            r"\bon the (\d{1,2})(?:st|nd|rd|th)\b(?! (?:one|item|line|page|floor|order|try|attempt))",
            _day_of_month,
        ),
    )
)
