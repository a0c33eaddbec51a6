"""Times as shops write them, read in the shop's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

_LOCAL = re.compile(
    r"(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?)?",
    re.ASCII,
)
_DAY_IN_WORDS = re.compile(r"(20\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]\s*", re.ASCII)
_TIME_IN_WORDS = re.compile(r"(\d{1,2})[时点](?:(\d{1,2})分?(?:(\d{1,2})秒)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Times:
    """Reads times."""

    zone: tzinfo
    example: str = "2026-11-01 12:30"

    def read(self, text: str) -> datetime:
        """The moment, in UTC; ValueError when it is none. Without an offset it is the shop's time."""
        if found := _LOCAL.fullmatch(_in_digits(text)):
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            clock = time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
            return datetime.combine(day, clock, self.zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or not 2000 <= moment.year < 2100:
            raise ValueError("has no offset")
        return moment.astimezone(UTC)


def _in_digits(text: str) -> str:
    """``2026年11月1日 12时30分`` as ``2026-11-1 12:30``; what is written otherwise stays as it is."""
    day = _DAY_IN_WORDS.match(text)
    if day is None:
        return text
    clock = text[day.end() :].replace("：", ":")
    if said := _TIME_IN_WORDS.fullmatch(clock):
        clock = ":".join(part.zfill(2) for part in (said[1], said[2] or "0", said[3] or "0"))
    return f"{day[1]}-{day[2]}-{day[3]} {clock}".strip()
