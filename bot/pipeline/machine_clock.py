"""The time by this machine's clock, and whether somebody set it meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

STEP = 2.0
"""Seconds by which a clock that only drifts is never off at once."""
FAR = 300.0
"""Seconds ahead at once that are doubted: what only time decides waits until it is known that they are right."""
DOUBT = 600.0
"""Seconds for which that is doubted."""

log = structlog.get_logger(__name__)


def _steady() -> float:
    """Seconds that go on while the machine sleeps, where it can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class MachineClock:
    """Call it for the moment it is. Each call sees whether the clock was set since the one before."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _steady) -> None:
        self.set_back = asyncio.Event()
        """Somebody set it back: what was to wait a moment may now have to wait for hours."""
        self._wall = wall
        self._steady = steady
        self._ahead = wall() - steady()
        self._doubted_until = float("-inf")

    def __call__(self) -> datetime:
        wall, steady = self._wall(), self._steady()
        by = wall - steady - self._ahead
        self._ahead += by
        if abs(by) > STEP:
            self._was_set(by, steady)
        return datetime.fromtimestamp(wall, UTC)

    @property
    def doubtful(self) -> bool:
        """It went far ahead a short while ago, and nobody knows yet whether it stays there."""
        return self._steady() < self._doubted_until

    def _was_set(self, by: float, steady: float) -> None:
        log.warning("clock.was_set", seconds=round(by))
        if by < 0:
            self._doubted_until = float("-inf")
            self.set_back.set()
        elif by > FAR:
            self._doubted_until = steady + DOUBT
