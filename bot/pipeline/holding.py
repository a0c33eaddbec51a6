"""Rows that a process held when it was killed are taken up by others as soon as it is sure that it is gone."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bot.pipeline.ports import Database

GRACE = 3.0
"""Seconds a process must have been gone: one that lives and only lost touch with the database is back sooner, and goes on
with what it holds."""


class Gone:
    """Watches the processes that hold rows."""

    def __init__(self, database: Database, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._clock = clock
        self._since: dict[int, float] = {}

    async def numbers(self) -> frozenset[int]:
        """Those of processes that are gone for good."""
        missing = await self._database.read(lambda unit: unit.holders_gone())
        now = self._clock()
        self._since = {number: self._since.get(number, now) for number in missing}
        return frozenset(number for number, since in self._since.items() if now - since >= GRACE)
