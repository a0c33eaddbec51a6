"""An open stream is as good as the session it was opened with: when that ends, so does the stream. While it is open, who
opened it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.web.hub import Subscription
from bot.channels.web.sse import Look, event
from bot.desk.session import Session
from bot.pipeline.ports import Database

_ALIVE = timedelta(minutes=1)
"""How often it is noted that somebody has the desk open, and so is there."""
_EVERY = timedelta(seconds=5)
"""How soon somebody who was signed out, or switched off, sees no more."""


class Watched:
    """A stream's look, for as long as the session lasts."""

    def __init__(
        self,
        database: Database,
        session: Session,
        clock: Callable[[], datetime],
        ear: Subscription,
        look: Look,
    ) -> None:
        self._database = database
        self._session = session
        self._clock = clock
        self._ear = ear
        self._look = look
        self._asked = clock()
        self._seen: datetime | None = None

    async def look(self) -> list[str]:
        """What is new; once the session is over, only that it is."""
        now = self._clock()
        if now - self._asked >= _EVERY:
            self._asked = now
            number = self._session.kept.id
            if not await self._database.read(lambda unit: unit.session_open(number, now)):
                self._ear.displace()
                return [event("over", {})]
        if self._seen is None or now - self._seen >= _ALIVE:
            self._seen = now
            staff = self._session.staff.id
            await self._database.write(lambda unit: unit.seen([staff], now))
        return await self._look()
