"""How fast somebody writes, counted by the minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages in the minute that runs."""

    since: datetime | None = None
    """When it began, with the first of them."""
    count: int = 0

    def at(self, now: datetime) -> Pace:
        """With one message more."""
        if self.since is None or not self.since <= now < self.since + _MINUTE:
            return Pace(now, 1)
        return Pace(self.since, self.count + 1)
