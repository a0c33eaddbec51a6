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
    UNSETTLED_SOON = "resolution_due_soon"
    """The matter should be settled soon."""
    UNSETTLED = "resolution_late"
    """The matter should have been settled by now."""


class Mode(StrEnum):
    """Who answers buyers first while the shop is open; out of hours it is the bot."""

    BOT_FIRST = "bot_first"
    """The bot, which calls a person when it is asked to or can't go on."""
    MIXED = "mixed"
    """The bot where it is sure; what it would have to ask about is a person's at once."""
    HUMAN_FIRST = "human_first"
    """People; the bot drafts."""


class Routing(StrEnum):
    """How a waiting conversation comes to an agent."""

    QUEUE = "queue"
    """Whoever takes it."""
    ROUND_ROBIN = "round_robin"
    """Given to the agents who are there, in turn."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """The owner's wishes for conversations that people look after."""

    lease_minutes: int = 30
    """Minutes an agent may be silent and still hold a conversation; 0: for ever."""
    first_minutes: int = 120
    """Minutes of shop hours in which a buyer who waits for a person is answered."""
    next_minutes: int = 30
    """The same for what they say after that."""
    resolve_hours: int = 0
    """Hours of shop hours in which people settle what they took up; 0: no such time."""
    warn_percent: int = 75
    """The agents are reminded when so much of each of these times is over."""
    mode: Mode = Mode.BOT_FIRST
    routing: Routing = Routing.QUEUE
    capacity: int = 5
    """Conversations an agent is given at most, unless their account says otherwise."""
    away_minutes: int = 30
    """Minutes without a sign of life after which an agent counts as away."""
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
    opened_at: datetime | None = None
    """Since when people look after it; kept where the shop sets a time for settling it."""
    resolve_warn_at: datetime | None = None
    resolve_by: datetime | None = None
    lapsed: str = ""
    """Who had it last and left the buyer waiting, or passed it on: it is not given to them again."""
    meant_for: str = ""
    """The colleague it was passed on to, until somebody has it."""

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

    def opened(self, at: datetime, wished: Attendance, shop: Calendar) -> Watch:
        """People look after it: the time for settling it runs, once, whoever has it."""
        if self.opened_at or not wished.resolve_hours:
            return self
        hours = timedelta(hours=wished.resolve_hours)
        return replace(
            self,
            opened_at=at,
            resolve_warn_at=shop.after_working_time(at, hours * wished.warn_percent / 100),
            resolve_by=shop.after_working_time(at, hours),
        )

    def retimed(self, wished: Attendance, shop: Calendar) -> Watch:
        """By other wishes, or other hours: counted anew from where each time began. What is put aside stays so."""
        again = replace(self, resolve_warn_at=None, resolve_by=None, opened_at=None)
        since = self.opened_at or self.waits_since
        settled = again.opened(since, wished, shop) if since else again
        if self.waits_since is None or self.snoozed_until:
            return settled
        return settled.timed(self.waits_since, wished, shop)

    def left_by(self, agent: str, at: datetime, wished: Attendance, shop: Calendar) -> Watch:
        """Its agent is gone and the buyer waits on: since when they do, and by when it is to be settled, stays."""
        again = replace(self, lease_until=None, answered=False, asks=False, snoozed_until=None, lapsed=agent)
        return again.timed(at, wished, shop)

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
            Alarm.UNSETTLED_SOON: self.resolve_warn_at,
            Alarm.UNSETTLED: self.resolve_by,
        }
        return {alarm: at for alarm, at in due.items() if at}
