"""The clocks of a conversation that people look after: how long an agent holds it, and by when the buyer is to be answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import Calendar


class Alarm(StrEnum):
    """What comes due of a conversation; it moves no case."""

    LEASE = "lease_over"
    """The agent who holds it has been silent for too long."""
    WARNING = "answer_due_soon"
    """The buyer should be answered soon."""
    SNOOZE = "snooze_over"
    """It was put aside until now."""
    LATE = "answer_late"
    """The buyer should have been answered by now."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """The owner's wishes for conversations that people look after."""

    lease_minutes: int = 30
    """Minutes an agent may be silent and still hold a conversation; 0: for ever."""
    first_minutes: int = 120
    """Minutes of shop hours in which a buyer who waits for a person is answered."""
    next_minutes: int = 30
    """The same for what they say after that."""
    warn_percent: int = 75
    """The agents are reminded when so much of that time is over."""
    undo_seconds: int = 60
    """Seconds in which an agent's last words are taken back without saying which."""
    claim_first: bool = False
    """Words reach the buyer only once somebody has claimed the conversation."""

    def lease_from(self, now: datetime) -> datetime | None:
        """Until when an agent holds what they did something in just now; None: for ever."""
        return now + timedelta(minutes=self.lease_minutes) if self.lease_minutes else None


@dataclass(frozen=True, slots=True)
class Watch:
    """The clocks that run. None while the bot has the conversation, and nobody waits."""

    lease_until: datetime | None = None
    """The agent's hold ends then, unless they do something before."""
    waits_since: datetime | None = None
    """The oldest words of the buyer that no person has answered."""
    warn_at: datetime | None = None
    answer_by: datetime | None = None
    answered: bool = False
    """An agent has answered since the buyer came to wait for a person."""
    asks: bool = False
    """What the agent said last is a question, which a mere yes answers."""
    snoozed_until: datetime | None = None
    """The agent has put it aside until then, or until somebody says something."""

    def asked(self, at: datetime, wished: Attendance, shop: Calendar) -> Watch:
        """The buyer waits for an answer; who waits already waits since then."""
        return self if self.waits_since else replace(self, waits_since=at).timed(at, wished, shop)

    def timed(self, at: datetime, wished: Attendance, shop: Calendar) -> Watch:
        """The time for an answer begins, or begins again, for who waits."""
        if self.waits_since is None:
            return self
        minutes = timedelta(minutes=wished.next_minutes if self.answered else wished.first_minutes)
        return replace(
            self,
            warn_at=shop.after_working_time(at, minutes * wished.warn_percent / 100),
            answer_by=shop.after_working_time(at, minutes),
        )

    def told(self, *, asks: bool) -> Watch:
        """An agent has answered, and asked something or not."""
        return replace(self, waits_since=None, warn_at=None, answer_by=None, answered=True, asks=asks)

    def snoozed(self, until: datetime) -> Watch:
        """Put aside: no time runs meanwhile. Who waits is not forgotten by it."""
        return replace(self, lease_until=None, warn_at=None, answer_by=None, snoozed_until=until)

    def woken(self, at: datetime, wished: Attendance, shop: Calendar) -> Watch:
        """Taken up again; the time for an answer begins anew for who waits."""
        return replace(self, snoozed_until=None).timed(at, wished, shop) if self.snoozed_until else self

    @property
    def alarms(self) -> dict[Alarm, datetime]:
        """What is to come due, and when."""
        due = {
            Alarm.LEASE: self.lease_until,
            Alarm.SNOOZE: self.snoozed_until,
            Alarm.WARNING: self.warn_at,
            Alarm.LATE: self.answer_by,
        }
        return {alarm: at for alarm, at in due.items() if at}
