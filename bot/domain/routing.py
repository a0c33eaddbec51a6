"""Who gets a conversation that waits: of those who are there, whoever has had none for longest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.staff import Right, Staff
from bot.domain.watch import Attendance

_NEVER = datetime.min.replace(tzinfo=UTC)


class Route(StrEnum):
    """What the router puts into a conversation's inbox; whether it still holds is decided in its turn."""

    GIVE = "give"
    """Somebody may be free for it."""
    LEFT = "left"
    """Its agent may be away."""
    RETIME = "retime"
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
    colleagues: Iterable[Colleague], language: str, lapsed: str, now: datetime, wished: Attendance
) -> Staff | None:
    """Who gets the conversation; None while nobody can. Who speaks the buyer's language goes before who does not, and who let
    it lapse is not asked again."""
    here = [one for one in colleagues if one.here(now, wished) and one.staff.name != lapsed]
    speaking = [one for one in here if one.speaks(language)]
    free = [one for one in speaking or here if one.free(wished)]
    in_turn = min(free, key=lambda one: (one.given_at or _NEVER, one.holds, one.staff.id), default=None)
    return in_turn.staff if in_turn else None
