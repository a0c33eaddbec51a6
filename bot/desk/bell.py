"""Many pages want to look when something happens; a bell tells them together, and not more often than they can see."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.web.hub import Hub, Subscription


class Bell(Subscription):
    """Rings at once when something happened, then not again for a breath, however much happens meanwhile."""

    def __init__(self, hub: Hub, conversation_id: int | None, breath: float) -> None:
        """None: for every conversation. `breath` in seconds."""
        super().__init__(hub, conversation_id)
        self.rung = 0
        """How often it has rung: what was read since the last time is not out of date."""
        self._breath = breath
        self._last = float("-inf")
        self._next: asyncio.TimerHandle | None = None
        self._ears: set[Subscription] = set()

    @property
    def heard(self) -> bool:
        """True while anybody listens."""
        return bool(self._ears)

    def nudge(self) -> None:
        """Ring, now or as soon as the breath is over."""
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.call_at(max(self._last + self._breath, loop.time()), self._ring)

    @contextmanager
    def heard_by(self, ear: Subscription) -> Iterator[None]:
        """The ear is nudged each time it rings, as long as this is open."""
        if not self._ears:
            self.__enter__()
        self._ears.add(ear)
        try:
            yield
        finally:
            self._ears.discard(ear)
            if not self._ears:
                self._rest()

    def _ring(self) -> None:
        self._next, self._last = None, asyncio.get_running_loop().time()
        self.rung += 1
        for ear in self._ears:
            ear.nudge()

    def _rest(self) -> None:
        self.__exit__(None, None, None)
        if self._next:
            self._next.cancel()
        self._next = None
