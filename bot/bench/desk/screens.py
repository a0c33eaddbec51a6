"""The agents' screens: streams of the desk, as a browser reads them."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from time import perf_counter
from typing import Any

import aiohttp

from bot.bench.desk.marks import mark_in
from bot.desk.session import COOKIE

ATTENTIVE = 10
"""Of every so many streams, one is read for the list as well: to parse it for all would measure the parser."""
_IDLE = 10
"""Of every so many streams, one has no conversation open."""


@dataclass(slots=True)
class Screen:
    """One open page."""

    conversation: int
    """Which is open; 0 when none is."""
    reads_list: bool
    lines: dict[str, float] = field(default_factory=dict)
    """Mark to when its message was shown, by this process's clock."""
    rows: defaultdict[int, list[tuple[float, datetime]]] = field(default_factory=lambda: defaultdict(list))
    """Conversation to when its row was shown, with how new it was then."""
    size: int = 0
    """Bytes read."""
    _rest: bytes = b""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, browser: aiohttp.ClientSession, token: str) -> None:
        """Until cancelled, or until the stream ends."""
        headers, asked = {"Cookie": f"{COOKIE}={token}"}, {"conversation": self.conversation}
        async with browser.get("/desk/stream", params=asked, headers=headers) as response:
            response.raise_for_status()
            async for chunk in response.content.iter_any():
                self.take(chunk, perf_counter())

    def take(self, chunk: bytes, now: float) -> None:
        """The next piece of the stream."""
        self.size += len(chunk)
        *blocks, self._rest = (self._rest + chunk).split(b"\n\n")
        for block in blocks:
            self._take(block, now)

    def listed(self, conversation: int, said_at: datetime | None) -> Iterator[float]:
        """When this screen's list had what was said there then, or something newer; nothing when it never had."""
        shown = self.rows.get(conversation, ())
        yield from islice((at for at, newest in shown if said_at and newest >= said_at), 1)

    def _take(self, block: bytes, now: float) -> None:
        name, _, data = block[block.find(b"event: ") + len(b"event: ") :].partition(b"\ndata: ")
        if name == b"line":
            self._line(json.loads(data), now)
        elif name in (b"list", b"changed") and self.reads_list:
            told = json.loads(data)
            for row in told if name == b"list" else told["rows"]:
                self.rows[row["id"]].append((now, datetime.fromisoformat(row["lastAt"])))
        elif name == b"ready":
            self.ready.set()

    def _line(self, line: dict[str, Any], now: float) -> None:
        known = mark_in("".join(part for part in line["body"] if isinstance(part, str)))
        if known:
            self.lines.setdefault(known, now)


def placed(count: int, conversations: Sequence[int]) -> list[Screen]:
    """So many screens: most have a conversation open, all conversations alike; the others only watch the list."""
    return [
        Screen(
            0 if number % _IDLE == _IDLE - 1 else conversations[number % len(conversations)],
            number % ATTENTIVE == 0,
        )
        for number in range(count)
    ]
