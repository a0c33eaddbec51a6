"""Buyers who write: as fast as they are answered, or at a fixed rate. None writes while one of their messages is unanswered."""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from bot.bench.homophones import chinese
from bot.bench.load.mix import language_of, words_of
from bot.bench.load.wares import orders_of

FIRST_CHAT = 100_000
AT_ONCE = 256
"""Buyers who wait for an answer at any time, at saturation."""
PATIENCE = 30.0
"""Seconds after which nobody waits for an answer any longer."""

Bring = Callable[[int, str, str, str], None]


@dataclass(slots=True)
class Round:
    """What became of so many messages."""

    seconds: float = 0.0
    """From the first message to the last answer."""
    answered: int = 0
    unanswered: int = 0
    unasked: int = 0
    """Answers beyond the first to a message."""
    delays: array[float] = field(default_factory=lambda: array("d"))
    """Seconds from a message to its answer."""


class Crowd:
    """So many buyers; `heard` has to be told of each message that is sent to one."""

    def __init__(self, buyers: int) -> None:
        slips = chinese()
        self._words = [words_of(number, orders_of(number), slips) for number in range(buyers)]
        self._idle = deque(range(buyers))
        self._asked: dict[int, float] = {}
        self._round = Round()
        self._left = 0
        self._bring: Bring | None = None
        self._last = 0.0
        self._over = asyncio.Event()

    @property
    def answered(self) -> int:
        """Messages of this round that were answered so far."""
        return self._round.answered

    def heard(self, chat: int) -> None:
        """An answer came."""
        number, self._last = chat - FIRST_CHAT, perf_counter()
        asked = self._asked.pop(number, None)
        if asked is None:
            self._round.unasked += 1
            return
        self._round.answered += 1
        self._round.delays.append(self._last - asked)
        self._idle.append(number)
        if self._left:
            self._write()
        elif not self._asked:
            self._over.set()

    async def flood(self, bring: Bring, messages: int) -> Round:
        """So many messages, each as soon as an answer came to another one."""
        begun = self._begin(bring, messages)
        for _ in range(min(AT_ONCE, messages, len(self._idle))):
            self._write()
        return await self._end(begun)

    async def drip(self, bring: Bring, messages: int, rate: float) -> Round:
        """So many messages, so many a second whether or not they are answered."""
        begun = self._begin(bring, 0)
        for number in range(messages):
            await asyncio.sleep(max(0.0, begun + number / rate - perf_counter()))
            self._write(begun + number / rate)
        return await self._end(begun)

    def _begin(self, bring: Bring, left: int) -> float:
        self._bring, self._left, self._round = bring, left, Round()
        self._over.clear()
        return perf_counter()

    def _write(self, due: float | None = None) -> None:
        number = self._idle.popleft()
        self._left = max(self._left - 1, 0)
        self._asked[number] = due or perf_counter()
        if self._bring:
            self._bring(
                FIRST_CHAT + number, f"Buyer {number}", language_of(number), next(self._words[number])
            )

    async def _end(self, begun: float) -> Round:
        """Once all are answered, or given up."""
        self._last = perf_counter()
        while self._asked:
            self._over.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._over.wait()
            self._give_up()
        self._round.seconds = self._last - begun
        return self._round

    def _give_up(self) -> None:
        """Whoever has waited too long goes, and does not write again; somebody else does."""
        late = perf_counter() - PATIENCE
        if self._last < late:  # no answer to anybody: nobody else tries
            self._round.unanswered += self._left
            self._left = 0
        for number in [number for number, asked in self._asked.items() if asked < late]:
            del self._asked[number]
            self._round.unanswered += 1
            if self._left and self._idle:
                self._write()
