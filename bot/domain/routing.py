"""Who gets a conversation that waits: of those who are there, whoever has had none for longest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.conversation import Conversation, Holder
from bot.domain.staff import Right, Staff
from bot.domain.watch import Attendance, Routing, Watch

_NEVER = datetime.min.replace(tzinfo=UTC)


class Route(StrEnum):
    """What the router puts into a conversation's inbox; whether it still holds is decided in its turn."""

    GIVE = "give"
    """Somebody may be free for it."""
    LEFT = "left"
    """Its agent may be away."""
    RECOUNT = "recount"
    """The shop's times were changed: those that run are counted anew."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here, as they stand just now."""

    staff: Staff
    holds: int = 0
    """Conversations they hold."""
    seen_at: datetime | None = None
    """Their last sign of life: an act, or an open page."""
    away: bool = False
    """They said that they are."""
    given_at: datetime | None = None
    """When they were last given a conversation."""

    def here(self, now: datetime, wished: Attendance) -> bool:
        """True while they can be given something."""
        if self.away or self.seen_at is None or not self.staff.may(Right.SERVE):
            return False
        return now - self.seen_at <= timedelta(minutes=wished.away_minutes)

    def free(self, wished: Attendance) -> bool:
        """True while they hold fewer than they can."""
        most = wished.capacity if self.staff.capacity is None else self.staff.capacity
        return self.holds < most

    def speaks(self, language: str) -> bool:
        """True for a language they serve in."""
        return not self.staff.languages or language in self.staff.languages


def next_one(
    colleagues: Iterable[Colleague],
    language: str,
    watch: Watch,
    now: datetime,
    wished: Attendance,
) -> Staff | None:
    """Who gets the conversation; None while nobody can. It is theirs to whom it was passed on, while they are there. Otherwise,
    where conversations are given in turn: who speaks the buyer's language goes before who does not, and who let it lapse is
    not asked again."""
    here = [one for one in colleagues if one.here(now, wished) and one.staff.name != watch.lapsed]
    if meant := next((one.staff for one in here if one.staff.name == watch.meant_for), None):
        return meant
    if wished.routing is not Routing.ROUND_ROBIN:
        return None
    speaking = [one for one in here if one.speaks(language)]
    free = [one for one in speaking or here if one.free(wished)]
    in_turn = min(free, key=lambda one: (one.given_at or _NEVER, one.holds, one.staff.id), default=None)
    return in_turn.staff if in_turn else None


def given_in_turn(
    waiting: Iterable[Conversation], colleagues: Iterable[Colleague], now: datetime, wished: Attendance
) -> dict[int, Staff]:
    """Who gets each of those that wait, first in line first, one after the other."""
    team = {one.staff.id: one for one in colleagues}
    found: dict[int, Staff] = {}
    for conversation in waiting:
        whose = next_one(team.values(), conversation.language, conversation.watch, now, wished)
        if whose is not None:
            found[conversation.id] = whose
            before = team[whose.id]
            team[whose.id] = replace(before, holds=before.holds + 1, given_at=now)
    return found


def left_by(
    conversation: Conversation, colleagues: Iterable[Colleague], now: datetime, wished: Attendance
) -> bool:
    """True when its agent has an account and is gone. What they put aside stays theirs for as long as they work here."""
    whose = next((one for one in colleagues if one.staff.name == conversation.agent), None)
    if whose is None or conversation.holder is not Holder.AGENT or whose.here(now, wished):
        return False
    return conversation.watch.snoozed_until is None or not whose.staff.may(Right.SERVE)
