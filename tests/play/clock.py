"""A clock that runs on from where it was set, and can be moved ahead."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

OPENING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in Shanghai: the shop is open."""


class StageClock:
    """Starts at `start` and goes at the usual pace."""

    def __init__(self, start: datetime = OPENING) -> None:
        self._start = start
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """The time on stage."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def advance(self, by: timedelta) -> None:
        """Let time pass at once."""
        self._start += by
