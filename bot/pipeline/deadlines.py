"""Clocks: rows that come due are put into their conversation's inbox, where they wait their turn like a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.messages import Clock, Incoming
from bot.errors import StoreAway
from bot.pipeline import metrics
from bot.pipeline.ports import Database
from bot.pipeline.wake import Wake

_EVERY = 5.0
"""Seconds between looks; deadlines are hours and days."""

log = structlog.get_logger(__name__)


def read_deadline(payload: Mapping[str, Any]) -> Incoming:
    """A fired deadline, or one that is moved, read back from the inbox."""
    until = datetime.fromisoformat(payload["until"]) if "until" in payload else None
    why = payload.get("why", "")
    return Incoming(clock=Clock(payload["kind"], payload["case"], payload["version"], until, why))


class Deadlines:
    """Fires what came due, also what came due while nobody was running."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        wake: Wake,
        worker: Wake,
        *,
        doubtful: Callable[[], bool] = lambda: False,
    ) -> None:
        """`doubtful`: whether the clock may be far ahead. What it would decide can't be taken back, and money may hang on it."""
        self._doubtful = doubtful
        self._database = database
        self._clock = clock
        self._wake = wake
        self._worker = worker

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                if not await self.step():
                    await self._wake.sleep(_EVERY)
            except StoreAway:  # which the database tells itself
                await self._wake.sleep(_EVERY)
            except Exception:
                log.exception("firing deadlines failed; it is tried again")
                await self._wake.sleep(_EVERY)

    async def step(self) -> bool:
        """Fire what is due now; False when nothing was."""
        now = self._clock()
        if self._doubtful():
            return False
        count = await self._database.write_alone(lambda unit: unit.fire(now))
        if count:
            metrics.FIRED.inc(count)
            self._worker.up()
        return bool(count)
