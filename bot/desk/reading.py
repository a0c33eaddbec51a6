"""What one page of the desk is told: the list, and the conversation it has open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from bot.channels.web.sse import event
from bot.desk.board import Board
from bot.desk.room import Room, Shown

SETTLING = 2.0
"""Seconds between two looks at what becomes of lines on their way to the buyer."""


class _Due:
    """Whether to look: when the bell has rung since the last look, and after a while anyway."""

    def __init__(self) -> None:
        self._rung = -1
        self._at = float("-inf")

    def now(self, rung: int, slow: float) -> bool:
        """True when it is time to look; then it is taken for done."""
        time = monotonic()
        if rung == self._rung and time - self._at < slow:
            return False
        self._rung, self._at = rung, time
        return True


class DeskReading:
    """What this agent's page shows so far."""

    def __init__(
        self,
        board: Board,
        room: Room | None,
        conversation_id: int,
        after: int,
        others: Callable[[], Sequence[Mapping[str, object]]],
        slow: float,
    ) -> None:
        """`others` tells which colleagues look at the same conversation; `slow` is after how many seconds the page looks
        without having been told that there is something new."""
        self._board = board
        self._list = 0
        self._room = room
        self._shown = Shown.none(after)
        self._id = conversation_id
        self._others_now = others
        self._others: Sequence[Mapping[str, object]] | None = None
        self._slow = slow
        self._due_list, self._due_here = _Due(), _Due()
        self._ready = False

    @property
    def tick(self) -> float:
        """Seconds until the next look. What is shown may end by itself: lines on their way to the buyer, colleagues who
        write."""
        settling = self._shown.unsettled or any(other["typing"] for other in self._others or ())
        return min(SETTLING, self._slow) if settling else self._slow

    async def look(self) -> list[str]:
        """What is new since the last look."""
        events = [*await self._new_list(), *await self._new_here(), *self._new_others()]
        if not self._ready:
            events.append(event("ready", {"conversation": self._id}))
            self._ready = True
        return events

    async def _new_list(self) -> list[str]:
        if not self._due_list.now(self._board.rung, self._slow):
            return []
        events, self._list = await self._board.news(self._list)
        return events

    async def _new_here(self) -> list[str]:
        if self._room is None or not self._due_here.now(self._room.rung, self.tick):
            return []
        events, self._shown = await self._room.news(self._shown)
        return events

    def _new_others(self) -> list[str]:
        others = self._others_now() if self._id else None
        if others == self._others:
            return []
        self._others = others
        return [event("others", others)]
