"""What several pages want to know at the same time is looked up once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True)
class _Begun(Generic[T]):
    asked: int
    at: float
    answer: asyncio.Task[T]
    answered: asyncio.Event


class Together(Generic[K, T]):
    """Shares looks that began after the last bell, for a moment."""

    def __init__(self, look: Callable[[K], Awaitable[T]], moment: float) -> None:
        """`moment` is for how many seconds a look stays as good as a new one, when no bell has rung; with 0 only who asks
        while one is under way shares it."""
        self._look = look
        self._moment = moment
        self._begun: dict[K, _Begun[T]] = {}

    async def of(self, key: K, rung: int) -> T:
        """The look's answer. One who gives up waiting does not stop it for the others."""
        found = self._begun.get(key)
        if found is None or not self._good(found, rung):
            self._begun = {known: one for known, one in self._begun.items() if self._good(one, rung)}
            found = self._begun[key] = self._begin(key, rung)
        await found.answered.wait()
        return found.answer.result()

    def _begin(self, key: K, rung: int) -> _Begun[T]:
        answered = asyncio.Event()
        answer = asyncio.create_task(self._ask(key))
        answer.add_done_callback(lambda _: answered.set())
        return _Begun(rung, monotonic(), answer, answered)

    def _good(self, one: _Begun[T], rung: int) -> bool:
        if one.asked != rung or not one.answer.done():
            return one.asked == rung
        failed = one.answer.cancelled() or one.answer.exception() is not None
        return not failed and monotonic() - one.at < self._moment

    async def _ask(self, key: K) -> T:
        return await self._look(key)
