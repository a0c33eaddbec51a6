"""A bot that is served for a benchmark, with the messenger it talks to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.bench.desk.cores import cores
from bot.bench.load import echo, house, server
from bot.bench.load.child import Children, Serve, children
from bot.bench.load.messenger import Messenger
from bot.config import Config
from bot.errors import ShouhouError
from bot.pipeline.roles import EVERY, Role

_OPENING = 180.0
"""Seconds it may take to open; phrases that were never learned take the most of them."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A bot that takes part."""

    name: str
    processes: int = 0
    """Of the shop; 0 for the echo bot."""
    server: str = ""
    """The PostgreSQL server; empty for SQLite."""
    per_second: int = 0
    """Messages it sends at most, over all chats; 0 for as many as it can."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What is open meanwhile."""

    messenger: Messenger
    bots: Children
    storage: server.Server | None


@asynccontextmanager
async def served(
    config: Config, contestant: Contestant, heard: Callable[[int], None], buyers: int
) -> AsyncIterator[Stand]:
    """Open it with a database of its own, for so many buyers: one process bound to one core, or several bound to none. `heard` is
    told of each message that is sent to a chat. ShouhouError when it does not open."""
    async with AsyncExitStack() as stack:
        messenger = await stack.enter_async_context(Messenger(heard))
        storage = None
        if contestant.server:
            storage = await stack.enter_async_context(server.database(contestant.server))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="shouhou-bench-")))
        url = storage.url if storage else ""
        ready = house.prepared(config, folder, url, messenger.address, contestant.per_second)
        serves = await _serves(ready, contestant, messenger.address, buyers)
        core = (cores() or (None, None))[0] if len(serves) == 1 else None
        bots = await stack.enter_async_context(children(serves, core))
        if not await _opened(bots, messenger):
            raise ShouhouError(f"{contestant.name} ended, or asked for no messages within {_OPENING:.0f} s")
        yield Stand(messenger, bots, storage)


async def _opened(bots: Children, messenger: Messenger) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_OPENING):
            if await asyncio.to_thread(bots.opened, _OPENING):
                return await messenger.polled.wait()
    return False


async def _serves(
    ready: Config, contestant: Contestant, address: str, buyers: int
) -> list[tuple[Serve, tuple[Any, ...]]]:
    if not contestant.processes:
        return [(echo.serve, (address,))]
    await house.fill(ready, buyers)
    others = [(house.serve, (ready, {Role.WORKER})) for _ in range(contestant.processes - 1)]
    return [(house.serve, (ready, EVERY)), *others]
