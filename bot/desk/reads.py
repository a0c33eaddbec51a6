"""What agents look at, for the audit: buyers' data is theirs also where nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.desk.session import Session
from bot.pipeline.ports import Database, Unit


class Reads:
    """Writes it down once: a conversation for each session, searching for each minute of it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._known: set[tuple[int, str]] = set()

    async def conversation(self, session: Session, number: int) -> None:
        """Somebody reads it; one that is not there is read by nobody."""
        now = self._clock()

        def job(unit: Unit) -> None:
            if unit.conversation(number) is not None:
                unit.note_deeds([session.deed(now, "read", number)])

        await self._once(session, f"conversation {number}", job)

    async def search(self, session: Session) -> None:
        """Somebody looks for something; what for is not kept."""
        now = self._clock()
        minute = f"{now:%Y%m%d%H%M}"
        deed = session.deed(now, "search")
        await self._once(session, f"search {minute}", lambda unit: unit.note_deeds([deed]))

    async def _once(self, session: Session, what: str, job: Callable[[Unit], None]) -> None:
        key = (session.kept.id, what)
        if key not in self._known:
            self._known.add(key)
            await self._database.write(job)
