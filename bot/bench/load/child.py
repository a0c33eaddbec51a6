"""A bot in a process of its own, which says what it takes when asked."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from bot.bench.desk.cores import bind
from bot.bench.memory import resident_memory
from bot.errors import ShouhouError

_CLOSING = 20
"""Seconds it may take to close."""

_OPEN = "open"
Serve = Callable[..., Coroutine[Any, Any, None]]
"""Serves until cancelled; its last argument is to be called once it is open."""


@dataclass(frozen=True, slots=True)
class Need:
    """What processes have taken, together."""

    cpu: float
    """Seconds of CPU time since they began."""
    memory: float | None
    """Resident memory now, in MiB; None where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Children:
    """Processes that are one bot."""

    doors: Sequence[Connection]

    def opened(self, seconds: float) -> bool:
        """Wait until all are open; False when one has ended instead, or took so long."""
        with contextlib.suppress(EOFError):
            return all(door.poll(seconds) and door.recv() == _OPEN for door in self.doors)
        return False

    def need(self) -> Need:
        """What they have taken so far; ShouhouError when one has ended."""
        try:
            for door in self.doors:
                door.send("need")
            found: list[Need] = [door.recv() for door in self.doors]
        except (EOFError, OSError):
            raise ShouhouError("the bot ended while it was measured; what it said last tells why") from None
        known = [need.memory for need in found if need.memory is not None]
        return Need(sum(need.cpu for need in found), sum(known) if known else None)


@asynccontextmanager
async def children(
    serves: Sequence[tuple[Serve, tuple[Any, ...]]], core: int | None
) -> AsyncIterator[Children]:
    """A process for each, bound to that core; all are closed in the end."""
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(_child(serve, given, core)) for serve, given in serves]
        yield Children(doors)


@asynccontextmanager
async def _child(serve: Serve, given: tuple[Any, ...], core: int | None) -> AsyncIterator[Connection]:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(serve, given, core, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        with here, contextlib.suppress(OSError):
            here.send("close")
        await asyncio.to_thread(process.join, _CLOSING)  # it says goodbye to the messenger, which is here
        if process.is_alive():
            process.kill()
            process.join()


def _run(serve: Serve, given: tuple[Any, ...], core: int | None, door: Connection) -> None:
    bind(core)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(serve, given, door))


async def _serve(serve: Serve, given: tuple[Any, ...], door: Connection) -> None:
    loop, serving = (
        asyncio.get_running_loop(),
        asyncio.ensure_future(serve(*given, partial(door.send, _OPEN))),
    )

    def answer() -> None:
        with contextlib.suppress(EOFError):
            while door.recv() == "need":
                door.send(Need(time.process_time(), resident_memory()))
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            loop.call_soon_threadsafe(serving.cancel)

    Thread(target=answer, daemon=True).start()
    await serving
