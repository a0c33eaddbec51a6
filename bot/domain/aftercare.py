"""After it is solved: what the bot says without being asked, and when it may (domain facts, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The owner's wishes for what is said unasked, and how long an open question waits."""

    ask: bool = True
    """Once a case has succeeded: has the money or the parcel come, and how was it?"""
    quiet_from: time = time(22)
    """From here on nothing is said unasked."""
    quiet_to: time = time(8)
    """Until here. The same as `quiet_from`: there are no quiet hours."""
    low_score: int = 2
    """Up to this score a person looks."""
    visit_after_days: int = 0
    """Days after a case that regular buyers are asked how they are; 0: they are not."""
    visit_orders: int = 3
    """Paid orders from which on a buyer is a regular one."""
    forget_hours: int = 24
    """Hours after which a question that was asked no longer takes the next message for its answer."""

    def is_forgotten(self, asked_at: datetime | None, now: datetime) -> bool:
        """True when a question was put so long ago that nothing said now is meant for it."""
        return asked_at is not None and now - asked_at >= timedelta(hours=self.forget_hours)

    def is_quiet(self, at: time) -> bool:
        """True for a time of day at which nothing is said unasked."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to

    def after_quiet(self, at: datetime, timezone: tzinfo) -> datetime:
        """This moment, or the end of the quiet hours it lies in; in UTC."""
        local = at.astimezone(timezone)
        if not self.is_quiet(local.time()):
            return at.astimezone(UTC)
        day = local.date() if local.time() < self.quiet_to else local.date() + _DAY
        return _at(day, self.quiet_to, timezone)

    def next_unasked(self, at: datetime, last: datetime | None, timezone: tzinfo) -> datetime:
        """When something may be said unasked, at `at` or later: outside the quiet hours, and on another day than `last`."""
        free = self.after_quiet(at, timezone)
        if last is None or _day(free, timezone) > _day(last, timezone):
            return free
        return self.after_quiet(_at(_day(last, timezone) + _DAY, time(0), timezone), timezone)


def _day(at: datetime, timezone: tzinfo) -> date:
    return at.astimezone(timezone).date()


def _at(day: date, clock: time, timezone: tzinfo) -> datetime:
    return datetime.combine(day, clock, timezone).astimezone(UTC)
