"""Days counted from today, into the past: buyers tell what has happened. ValueError or OverflowError where there is no
such day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

YEAR = timedelta(days=366)
"""The farthest back a day may lie: what was longer ago is no after-sales matter, or was misread."""


def ago(today: date, days: int) -> date:
    """So many days before."""
    return today - timedelta(days=days)


def month_day(today: date, month: int, day: int) -> date:
    """The latest day of that name that is not to come."""
    this = date(today.year, month, day)
    return this if this <= today else date(today.year - 1, month, day)


def day_of_month(today: date, day: int) -> date:
    """The latest such day that is not to come; a month without a 31st, or a 30th, is passed over."""
    first = today.replace(day=1)
    while day > monthrange(first.year, first.month)[1] or first.replace(day=day) > today:
        if day > 31:
            raise ValueError(f"no month has a day {day}")
        first = ago(first, 1).replace(day=1)
    return first.replace(day=day)


def weekday(today: date, day: int) -> date:
    """The latest such weekday before today; Monday is 0."""
    return ago(today, (today.weekday() - day - 1) % 7 + 1)


def of_week(today: date, weeks_ago: int, day: int) -> date:
    """A weekday of this week, or of one so many weeks ago; weeks begin on Monday."""
    return ago(today, today.weekday() + 7 * weeks_ago - day)
