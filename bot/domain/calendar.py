"""Working time: the hours a shop keeps, and the days banks and mediators work.

Moments go in and come out as instants (results are in UTC); days are those of the calendar's own time zone. Durations are
real ones: a night in which the clocks change is an hour longer or shorter, and so is who works through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_DAY = timedelta(days=1)
_NONE = timedelta(0)
WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work. By itself: always."""

    timezone: tzinfo
    """Its days begin and its hours are told here."""
    opens: time = time(0)
    """When a working day's hours begin."""
    closes: time = time(0)
    """When they end. Earlier than `opens`: on the next day. The same: the whole day, from midnight to midnight."""
    closed_on: frozenset[int] = frozenset()
    """Days of the week nobody works; Monday is 0. Never all seven."""
    holidays: frozenset[date] = frozenset()
    """Days nobody works, whatever day of the week."""
    workdays: frozenset[date] = frozenset()
    """Make-up workdays (调休上班): days everybody works, over `closed_on` and `holidays`."""

    def __post_init__(self) -> None:
        """Raises ValueError for a week without a working day: nothing would ever be due."""
        if len(self.closed_on) == 7:
            raise ValueError("a week needs a working day")

    def is_open_day(self, day: date) -> bool:
        """Whether people work on this day. Hours over midnight belong to the day they begin."""
        if not self._comes(day):
            return False
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.closed_on

    def _comes(self, day: date) -> bool:
        """False for a day that its zone left out: who moves over the date line loses one (Samoa, 30 December 2011)."""
        return self._at(day, time(12)).astimezone(self.timezone).date() == day

    def opens_next(self, now: datetime) -> datetime | None:
        """When somebody is there again; None while somebody is."""
        begin, _ = next(self._shifts(now))
        return None if begin <= now else begin

    def after_working_days(self, start: datetime, days: int) -> datetime:
        """The last second of the `days`-th working day after the day `start` is on; with 0 of that day itself.

        Raises ValueError for a negative number of days.
        """
        if days < 0:
            raise ValueError("working days are counted forwards")
        day = start.astimezone(self.timezone).date()
        for _ in range(days):
            day = self._working_day_after(day)
        return end_of_day(day, self.timezone).astimezone(UTC)

    def after_working_time(self, start: datetime, length: timedelta) -> datetime:
        """When `length` of working time has passed since `start`: within the hours, at the latest as they end.

        With no length it is `start`, within the hours or not. Raises ValueError for a negative length.
        """
        if length < _NONE:
            raise ValueError("working time is counted forwards")
        shifts = self._shifts(start)
        at = start.astimezone(UTC)
        while length:
            begin, end = next(shifts)
            begin = max(begin, at)
            at = min(end, begin + length)
            length -= at - begin
        return at

    def _working_day_after(self, day: date) -> date:
        day += _DAY
        while not self.is_open_day(day):
            day += _DAY
        return day

    def _shifts(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours that have not ended at `start`, in order, in UTC; none empty, no moment twice.

        Where clocks change, a short shift may be left out, and one may reach into the next or be the same: that is cut.
        """
        day = start.astimezone(self.timezone).date() - _DAY
        before = datetime.min.replace(tzinfo=UTC)
        while True:
            begin, end = self._hours(day)
            begin = max(begin, before)
            if self.is_open_day(day) and begin < end:
                before = end
                if end > start:
                    yield begin, end
            day += _DAY

    def _hours(self, day: date) -> tuple[datetime, datetime]:
        """When the day's hours begin and end, in UTC."""
        if self.opens == self.closes:
            return self._at(day, time(0)), self._at(day + _DAY, time(0))
        last = day if self.opens < self.closes else day + _DAY
        return self._at(day, self.opens), self._late(last, self.closes)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.timezone).astimezone(UTC)

    def _late(self, day: date, clock: time) -> datetime:
        """The later reading of a time that comes twice, or never, as the clocks change."""
        return max(self._at(day, clock), self._at(day, clock.replace(fold=1)))


def end_of_day(day: date, timezone: tzinfo) -> datetime:
    """Its last second; where that hour comes twice, the second one's."""
    return datetime.combine(day, time(23, 59, 59, fold=1), timezone)
