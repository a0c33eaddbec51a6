"""Time that is moved, never waited for: who does what next, and when."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

Does = Callable[[], Awaitable[None]]
_GRAIN = timedelta(minutes=3)
"""Of people's time."""
_ZERO = datetime.min.replace(tzinfo=UTC)


class Agenda:
    """A clock and what people mean to do by it. People act every three minutes; the shop's own clocks run on as they like."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._waiting: list[tuple[datetime, int, Does]] = []
        self._serial = count()

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def at(self, when: datetime, does: Does) -> None:
        """Somebody does this then; what lies behind is done as soon as can be."""
        when = max(when, self.now + _GRAIN)
        late = (when - _ZERO) % _GRAIN
        heapq.heappush(self._waiting, (when - late + (_GRAIN if late else late), next(self._serial), does))

    def after(self, by: timedelta, does: Does) -> None:
        """Somebody does this so much later."""
        self.at(self.now + by, does)

    @property
    def next(self) -> datetime | None:
        """When somebody does something next."""
        return self._waiting[0][0] if self._waiting else None

    def due(self) -> list[Does]:
        """What is to be done by now, in order; it is taken off the list."""
        found = []
        while self._waiting and self._waiting[0][0] <= self.now:
            found.append(heapq.heappop(self._waiting)[2])
        return found
