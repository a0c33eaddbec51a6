"""A bell: loops sleep on it instead of asking the database all the time."""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic

BREATH = 0.02
"""Seconds between two times that a busy shop's loops wake. What came in meanwhile is done together: a transaction for many
messages costs little more than one for one. Tests, which are never busy, are spared the wait."""

_CALM = 10
"""Sleeps in a row that nobody disturbed, after which it is calm."""
_SLOWER = 4
"""How much longer the sleeps of who dozes are then."""


class Wake:
    """Rung when there may be something to do; a ring while nobody sleeps is not lost.

    Who slept long wakes at once, who woke just now wakes `BREATH` seconds after that: rings gather while there are many.
    """

    def __init__(self) -> None:
        self._woke = 0.0
        self._undisturbed = 0
        self.asleep = False
        """Somebody sleeps, and nobody has rung: there is nothing to do."""
        self._event = asyncio.Event()

    def up(self) -> None:
        """Ring."""
        self.asleep = False
        self._event.set()

    async def sleep(self, seconds: float, *, dozes: bool = False) -> None:
        """Until rung, at most this long: the slow look behind the bell. Who `dozes` looks less often while it is calm."""
        self.asleep = not self._event.is_set()
        calm = dozes and self._undisturbed >= _CALM
        self._undisturbed += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds * _SLOWER if calm else seconds):
                await self._event.wait()
                self._undisturbed = 0
        self.asleep = False
        if (early := self._woke + BREATH - monotonic()) > 0:
            await asyncio.sleep(early)
        self._woke = monotonic()
        self._event.clear()
