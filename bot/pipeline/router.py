"""The router: conversations that wait come before the worker when somebody may be free for them, and so do those whose agent
may have gone. It decides nothing: that is done in the conversation's turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.watch import Attendance
from bot.errors import StoreAway
from bot.pipeline.ports import Database
from bot.pipeline.wake import Wake

_EVERY = 5.0
"""Seconds between looks, if nothing rings before."""

log = structlog.get_logger(__name__)


class Router:
    """Looks who is there, and what waits."""

    def __init__(
        self,
        database: Database,
        wished: Callable[[], Attendance],
        clock: Callable[[], datetime],
        wake: Wake,
        worker: Wake,
    ) -> None:
        self._database = database
        self._wished = wished
        self._clock = clock
        self._wake = wake
        self._worker = worker

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.step()
            except StoreAway:
                pass  # the database tells it itself
            except Exception:
                log.exception("looking who is there failed; it is tried again")
            await self._wake.sleep(_EVERY)

    async def step(self) -> bool:
        """Look now; False when there was nothing."""
        now, wished = self._clock(), self._wished()
        count = await self._database.write_alone(lambda unit: unit.route(now, wished))
        if count:
            self._worker.up()
        return bool(count)
