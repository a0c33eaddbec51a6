"""What waits for a moment that is further away than it was meant to be, because the machine's clock was set back, waits no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreAway
from bot.pipeline.ports import Database

LONGEST = timedelta(minutes=10)
"""At a start it is not known whether the clock was set back; nothing that is tried again waits longer, but what Telegram bids wait."""
_AGAIN = 1.0
_LATE = 30.0
"""Seconds after which what was reckoned before the clock was set back is written down, also where the database was away just then."""

log = structlog.get_logger(__name__)


class BringingForward:
    """Of messages, replies and files. What is due at a moment that buyers and shops know stays as it is."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        set_back: asyncio.Event,
        look: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._set_back = set_back
        self._look = look

    async def run(self) -> None:
        """Until cancelled."""
        beyond = LONGEST
        while True:
            try:
                await self.step(beyond)
            except Exception as error:
                if not isinstance(error, StoreAway):  # which the database tells itself
                    log.exception("rows could not be brought forward; it is tried again")
                await asyncio.sleep(_AGAIN)
                continue
            beyond = await self._next(beyond)

    async def _next(self, done: timedelta) -> timedelta:
        """When the clock was set back, all of it; some seconds later what was written down meanwhile by what it said before."""
        try:
            async with asyncio.timeout(None if done else _LATE):
                await self._set_back.wait()
        except TimeoutError:
            return LONGEST
        self._set_back.clear()
        return timedelta(0)

    async def step(self, beyond: timedelta) -> None:
        """What is due later than that from now is due now."""
        now = self._clock()
        if count := await self._database.write(lambda unit: unit.bring_forward(now, beyond)):
            log.warning("clock.brought_forward", count=count)
            self._look()
