"""Something that answers over HTTP, as a test tells it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Answers = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(answers: Answers, secured: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Yields where it is. Who hangs up is not answered any more."""
    served = web.Server(answers, access_log=None, handler_cancellation=True)
    runner = web.ServerRunner(served, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured).start()
        yield f"http{'s' if secured else ''}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
