"""The one door in: what a channel took is stored before the channel acknowledges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Database
from bot.pipeline.wake import Wake


class Intake:
    """Stores arrivals and wakes the worker."""

    def __init__(self, database: Database, clock: Callable[[], datetime], wake: Wake) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Returns only when all of them are on disk; the same thing twice is stored once."""
        if not arrivals:
            return
        now = self._clock()
        await self._database.write(lambda unit: unit.receive(arrivals, now))
        self._wake.up()
