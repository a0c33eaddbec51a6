"""An open stream is as good as the session it was opened with: when that ends, so does the stream. While it is open, who
opened it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.channels.web.hub import Subscription
from bot.channels.web.sse import Look, event
from bot.desk.session import Session
from bot.desk.together import Together
from bot.pipeline.ports import Database

_ALIVE = timedelta(minutes=1)
"""How often it is noted that somebody has the desk open, and so is there."""
_EVERY = timedelta(seconds=5)
"""How soon somebody who was signed out, or switched off, sees no more."""


class Watch:
    """The sessions of all open streams. They are asked about together, and those who have the desk open noted together."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._streams: Counter[tuple[int, int]] = Counter()
        """How many each session has, by its id and its account's."""
        self._over: set[int] = set()
        """Sessions that were found to have ended."""
        self._asked = clock()
        self._seen: dict[int, datetime] = {}
        """Accounts to when it was noted that they are there."""
        self._rounds = Together(self._ask, 0)

    @contextmanager
    def over(self, session: Session) -> Iterator[None]:
        """The session has a stream, as long as this is open."""
        known = (session.kept.id, session.staff.id)
        self._streams[known] += 1
        try:
            yield
        finally:
            self._streams[known] -= 1
            if not self._streams[known]:
                del self._streams[known]
                self._over.discard(session.kept.id)

    async def lasts(self, session: Session) -> bool:
        """False once the session is known to have ended; asked every few seconds."""
        if session.staff.id not in self._seen:
            await self._note([session.staff.id], self._clock())
        if self._clock() - self._asked >= _EVERY:
            await self._rounds.of(None, 0)
        return session.kept.id not in self._over

    async def _ask(self, _: None) -> None:
        now = self._clock()
        there = dict(self._streams.keys())
        still = await self._database.read(lambda unit: unit.sessions_open(there, now))
        self._over |= there.keys() - still
        self._asked = now
        here = {staff for number, staff in there.items() if number in still}
        self._seen = {staff: at for staff, at in self._seen.items() if staff in here}
        if late := [staff for staff in here if now - self._seen.get(staff, now - _ALIVE) >= _ALIVE]:
            await self._note(late, now)

    async def _note(self, staff: list[int], now: datetime) -> None:
        self._seen |= dict.fromkeys(staff, now)
        await self._database.write(lambda unit: unit.seen(staff, now))


class Watched:
    """A stream's look, for as long as the session lasts."""

    def __init__(self, watch: Watch, session: Session, ear: Subscription, look: Look) -> None:
        self._watch = watch
        self._session = session
        self._ear = ear
        self._look = look

    async def look(self) -> list[str]:
        """What is new; once the session is over, only that it is."""
        if await self._watch.lasts(self._session):
            return await self._look()
        self._ear.displace()
        return [event("over", {})]
