"""The desk's open pages: each is told what is new, together with all who show the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, aclosing
from datetime import datetime

from bot.channels.web.hub import Hub
from bot.channels.web.sse import Streams, follow
from bot.desk.board import Board
from bot.desk.presence import Presence
from bot.desk.reading import DeskReading
from bot.desk.room import Rooms
from bot.desk.session import Session
from bot.desk.watched import Watch, Watched
from bot.domain.messages import Attachment
from bot.pipeline.ports import Database


class DeskStreams:
    """What they share."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        clock: Callable[[], datetime],
        link: Callable[[Attachment], str],
        most: int,
        tick: float,
        presence: Presence | None = None,
    ) -> None:
        """`most` open ones of one session; `tick` is after how many seconds one looks without having been nudged."""
        self.presence = presence or Presence()
        self._hub = hub
        self._board = Board(database, hub)
        self._rooms = Rooms(database, hub, link)
        self._watch = Watch(database, clock)
        self._open = Streams(most)
        self._tick = tick

    async def of(
        self, session: Session, conversation_id: int, after: int, language: str
    ) -> AsyncIterator[str]:
        """The list, and one conversation from that line on, as they change; until the session ends."""
        ear, agent = self._hub.subscribe_none(), session.agent
        with ExitStack() as stack:
            stack.enter_context(self._watch.over(session))
            stack.enter_context(self._board.heard_by(ear))
            room = stack.enter_context(self._rooms.entered(conversation_id, language, ear))
            if room:
                stack.enter_context(self.presence.viewing(conversation_id, agent, ear.nudge))
            reading = DeskReading(
                self._board,
                room,
                conversation_id,
                after,
                lambda: self.presence.others(conversation_id, agent),
                self._tick,
            )
            look = Watched(self._watch, session, ear, reading.look).look
            events = follow(session.id, ear, self._open, look, tick=lambda: reading.tick)
            async with aclosing(events):
                async for event in events:
                    yield event
