"""A bell: loops sleep on it instead of asking the database all the time."""

from __future__ import annotations

import asyncio


class Wake:
    """Rung when there may be something to do; a ring while nobody sleeps is not lost."""

    def __init__(self) -> None:
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
        self._event.clear()
