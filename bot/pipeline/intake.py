"""The one door in: what a channel took is stored before the channel acknowledges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import time_ns

import structlog

from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Database
from bot.pipeline.tracing import UNTRACED, Tracer
from bot.pipeline.wake import Wake

log = structlog.get_logger(__name__)


class Intake:
    """Stores arrivals and wakes the worker."""

    def __init__(self, database: Database, clock: Callable[[], datetime], wake: Wake) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake
        self.tracer: Tracer = UNTRACED
        """Who draws what becomes of each message."""

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Returns only when all of them are on disk; the same thing twice is stored once."""
        if not arrivals:
            return
        now, began = self._clock(), time_ns()
        rows = await self._database.write(lambda unit: unit.receive(arrivals, now))
        self._wake.up()
        for row in rows:
            log.debug("taken in", row=row, channel=arrivals[0].channel)
        if self.tracer.on:
            self.tracer.taken_in(rows, arrivals[0].channel, began)
