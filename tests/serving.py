"""What serves while a test goes on, and has ended in order when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels.web.server import WebServer


@asynccontextmanager
async def online(server: WebServer) -> AsyncIterator[str]:
    """A web server alone; yields where it is."""
    serving = asyncio.create_task(server.run())
    try:
        yield server.address
    finally:
        server.stop()
        async with asyncio.timeout(10):
            await serving


@asynccontextmanager
async def at_work(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """What goes on until it is cancelled, as a shop that is served does; yields it."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
