"""Connections of who means no good: those that send a request drop by drop, and too many of one address."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import ConfigError

Network = IPv4Network | IPv6Network

_SPARE_FILES = 256
"""File descriptors left to the database, the messengers and the files that are kept."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how many. An answer takes as long as it takes: streams stay open."""

    head_seconds: float = 10
    """For the head of a request, once the connection is open or its first byte came."""
    body_seconds: float = 120
    """For its body: 90 MB of pictures over a slow line."""
    of_address: int = 200
    """Open connections of one address; a whole village may share one. Of a proxy, who speaks for many: no bound."""
    in_all: int = 10_000


def open_files_allow(most: int) -> int:
    """So many connections, or fewer where this process may open fewer files: beyond that, its database could not be read."""
    if sys.platform == "win32":
        return most
    import resource  # noqa: PLC0415 -- there is none on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if soft == resource.RLIM_INFINITY else min(most, max(soft - _SPARE_FILES, 16))


class _Limited(H11Protocol):
    """Closes what takes too long or is too much, without a word: who does that reads no answer."""

    patience: ClassVar[Patience]
    proxies: ClassVar[Sequence[Network]]
    most: ClassVar[int]
    open_of: ClassVar[Counter[str]]
    """Connections of this server by address."""
    _timer: asyncio.TimerHandle | None = None
    _waits_for: str = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, and give it a while to ask for something."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._peer = self.client[0] if self.client else ""
        self.open_of[self._peer] += 1
        crowd = self.open_of[self._peer] > self.patience.of_address and not self._is_proxy()
        if crowd or len(self.connections) > self.most:
            self.transport.abort()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """One less."""
        self._stop()
        self.open_of[self._peer] -= 1
        if not self.open_of[self._peer]:
            del self.open_of[self._peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of it."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The next request may come; how long nothing may come is the server's own business."""
        super().on_response_complete()
        self._stop()

    def _is_proxy(self) -> bool:
        try:
            peer = ip_address(self._peer)
        except ValueError:
            return False
        return any(peer in network for network in self.proxies)

    def _watch(self) -> None:
        """Time each part from its beginning, however many drops it comes in."""
        awaited = _awaited(self.conn.their_state)
        if awaited == self._waits_for:
            return
        self._stop()
        if awaited and not self.transport.is_closing():
            seconds = self.patience.head_seconds if awaited == "head" else self.patience.body_seconds
            self._timer = self.loop.call_later(seconds, self.transport.abort)
            self._waits_for = awaited

    def _stop(self) -> None:
        self._waits_for = ""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def networks(addresses: str) -> tuple[Network, ...]:
    """The networks that are written there with commas between; ConfigError when one is none."""
    try:
        return tuple(ip_network(one.strip()) for one in addresses.split(",") if one.strip())
    except ValueError as error:
        raise ConfigError(f"web.proxies: {error}; write addresses or networks such as 10.0.0.0/8") from None


def limited(patience: Patience, proxies: Sequence[Network]) -> type[H11Protocol]:
    """The HTTP protocol for one server that has such patience."""
    bounds = {"patience": patience, "proxies": proxies, "most": open_files_allow(patience.in_all)}
    return type("Limited", (_Limited,), {**bounds, "open_of": Counter()})


def _awaited(state: Any) -> str:
    """What the other side has begun and not ended."""
    return {h11.IDLE: "head", h11.SEND_BODY: "body"}.get(cast(Any, state), "")
