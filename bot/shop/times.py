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


@dataclass(frozen=True, slots=True)
class Times:
    """Reads times."""

    zone: tzinfo
    example: str = "2026-11-01 12:30"

    def read(self, text: str) -> datetime:
        """The moment, in UTC; ValueError when it is none. Without an offset it is the shop's time."""
        if found := _LOCAL.fullmatch(text):
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            clock = time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
            return datetime.combine(day, clock, self.zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or not 2000 <= moment.year < 2100:
            raise ValueError("has no offset")
        return moment.astimezone(UTC)
