"""Waiting for something to happen in the double, without polling."""

# ruff: noqa: ASYNC109 -- `timeout=` reads best where a test waits for the bot

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class NotHeard(AssertionError):
    """What a test waited for did not come; the message shows the chat as it stands."""


@dataclass(slots=True)
class Waiting:
    """Wakes everyone who waits whenever something changed."""

    waiters: set[asyncio.Future[None]] = field(default_factory=set)

    def changed(self) -> None:
        """Something happened; whoever waits looks again."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
        self.waiters.clear()

    async def until(self, found: Callable[[], T | None], timeout: float, complaint: Callable[[], str]) -> T:
        """The first true value of `found`; raises `NotHeard` with the complaint when it takes too long."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := found()):
                    await self._change()
        except TimeoutError:
            raise NotHeard(f"{complaint()}\n(waited {timeout:g} s)") from None
        return value

    async def _change(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiters.add(waiter)
        try:
            await waiter
        finally:
            self.waiters.discard(waiter)
