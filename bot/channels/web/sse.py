"""Server-sent events: a stream that reads on from the store each time it is nudged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.responses import StreamingResponse

from bot.channels.web.hub import Subscription

KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment is sent, and the store is looked at even without a nudge."""


def event(name: str, data: Any, last: int | None = None) -> str:
    """One event; `last` is what a browser that comes back says it has seen."""
    return written(name, json.dumps(data, ensure_ascii=False), last)


def written(name: str, data: str, last: int | None = None) -> str:
    """The same from data that are JSON already."""
    mark = f"id: {last}\n" if last is not None else ""
    return f"{mark}event: {name}\ndata: {data}\n\n"


Look = Callable[[], Awaitable[list[str]]]
"""Reads what is new since the last look, as events."""


class Streams:
    """The open streams by reader. A browser allows six connections a host, so the oldest must go when there are many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: defaultdict[str, list[Subscription]] = defaultdict(list)

    def join(self, reader: str, subscription: Subscription) -> None:
        """One more for this reader; the oldest beyond the bound is told to end."""
        streams = self._open[reader]
        streams.append(subscription)
        while len(streams) > self._most:
            streams.pop(0).displace()

    def part(self, reader: str, subscription: Subscription) -> None:
        """One less."""
        streams = self._open[reader]
        if subscription in streams:
            streams.remove(subscription)
        if not streams:
            del self._open[reader]


async def follow(
    reader: str,
    subscription: Subscription,
    streams: Streams,
    look: Look,
    *,
    tick: Callable[[], float] = lambda: KEEP_ALIVE,
) -> AsyncGenerator[str, None]:
    """All there is, then what comes, until the reader goes or the house closes.

    `tick` is how long to wait for a nudge before looking anyway.
    """
    with subscription:
        streams.join(reader, subscription)
        try:
            yield "retry: 2000\n\n"
            while not subscription.closed:
                if news := "".join(await look()):
                    yield news
                if not await subscription.wait(tick()):
                    yield ": \n\n"
            if subscription.displaced:
                yield event("parted", {})
        finally:
            streams.part(reader, subscription)


def response(stream: AsyncIterator[str]) -> StreamingResponse:
    """The stream as a response that nothing on the way buffers or keeps."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)
