"""Times of day, dates and lengths of time, and where on earth they are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.config.kinds.text import quoted
from bot.config.public_days import check_place
from bot.domain.terms import Span, Unit

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    allowed: str = "times of day from 00:00 to 23:59"

    def read(self, text: str) -> time:
        found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
        if not found:
            short = re.fullmatch(r"[0-9]:[0-5][0-9]", text)
            raise ValueError("is not a time of day" + (f'; write "0{text}"' if short else ""))
        return time(int(found[1]), int(found[2]))

    def write(self, value: time) -> str:
        return f'"{value:%H:%M}"'


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    allowed: str = "dates such as 2026-10-08"

    def read(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("is not a date")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar") from None

    def write(self, value: date) -> str:
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week; Monday is 0."""

    allowed: str = ", ".join(WEEK)

    def read(self, text: str) -> int:
        if text not in WEEK:
            raise ValueError(
                "is no day of the week" + (f"; write {text.lower()}" if text.lower() in WEEK else "")
            )
        return WEEK.index(text)

    def write(self, value: int) -> str:
        return WEEK[value]


@dataclass(frozen=True, slots=True)
class Country:
    """A country whose public holidays are known, or a region of it."""

    allowed: str = "country codes such as CN, with a region such as DE-BY, or empty"

    def read(self, text: str) -> str:
        check_place(text)
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone."""

    allowed: str = "names of the IANA time zone database, such as Asia/Shanghai"

    def read(self, text: str) -> ZoneInfo:
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a time zone known here") from None

    def write(self, value: ZoneInfo) -> str:
        return value.key


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time somebody has."""

    allowed: str = "such as 48 hours, 7 days, 8 working hours, 3 working days"

    def read(self, text: str) -> Span:
        found = re.fullmatch(r"([1-9][0-9]{0,3}) (working )?(hour|day)s?", text)
        if not found:
            raise ValueError("is no length of time")
        return Span(int(found[1]), Unit(f"{found[2] or ''}{found[3]}s"))

    def write(self, value: Span) -> str:
        return f"{value.count} {value.unit.value}"
