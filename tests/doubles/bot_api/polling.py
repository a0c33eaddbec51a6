"""Long polling: one getUpdates at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.doubles.bot_api.errors import conflict
from tests.doubles.bot_api.updates import Update, Updates

GATHER = 0.001
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
SET_WEBHOOK = "terminated by setWebhook request"


@dataclass(slots=True)
class Polling:
    """The getUpdates request that waits, if one does."""

    waiter: asyncio.Future[None] | None = None

    def wake(self, _: Update | None = None) -> None:
        """There is something to fetch."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def end(self, reason: str) -> None:
        """Whoever waits gets 409: a second getUpdates ends the first, and so does setWebhook."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(conflict(reason))
        self.waiter = None

    async def wait(self, updates: Updates, seconds: float) -> None:
        """Until there is an update or the time is over; then a moment more, so that they come in handfuls."""
        if len(updates) or seconds <= 0:
            return
        mine = self.waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await mine
            await asyncio.sleep(GATHER)
        except TimeoutError:
            pass
        finally:
            if self.waiter is mine:
                self.waiter = None
