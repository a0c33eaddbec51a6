"""A bell: loops sleep on it instead of asking the database all the time."""

from __future__ import annotations

import asyncio
from time import monotonic

BREATH = 0.02
"""Seconds between two times that a busy shop's loops wake. What came in meanwhile is done together: a transaction for many
messages costs little more than one for one. Tests, which are never busy, are spared the wait."""


class Wake:
    """Rung when there may be something to do; a ring while nobody sleeps is not lost.

    Who slept long wakes at once, who woke just now wakes `BREATH` seconds after that: rings gather while there are many.
    """

    def __init__(self) -> None:
        self._woke = 0.0
        self.asleep = False
        """Somebody sleeps, and nobody has rung: there is nothing to do."""
        self._event = asyncio.Event()

    def up(self) -> None:
        """Ring."""
        self.asleep = False
        self._event.set()

    async def sleep(self, seconds: float) -> None:
        """Until rung, at most this long: the slow look behind the bell."""
        self.asleep = not self._event.is_set()
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        self.asleep = False
        if (early := self._woke + BREATH - monotonic()) > 0:
            await asyncio.sleep(early)
        self._woke = monotonic()
        self._event.clear()
