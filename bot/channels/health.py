"""For machines that watch: /healthz (the process lives), /readyz (it can serve), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from collections.abc import Callable, Sized
from dataclasses import asdict
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import StoreGone
from bot.pipeline.looks import Depths
from bot.pipeline.ports import Database

KEPT = 5.0
"""Seconds that depths are told again before the database is asked again, however many ask."""
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that only a proxy sends."""

_DEPTH = Gauge("shouhou_queue_depth", "Rows waiting", ["queue"])
_AGE = Gauge("shouhou_queue_oldest_seconds", "Age of the oldest waiting row", ["queue"])
_UP = Gauge(
    "shouhou_database_up",
    "Whether the database answers: 1 while it does, 0 while it does not and nothing is told of queues",
)
_STREAMS = Gauge("shouhou_open_streams", "Browsers that are told at once what is new")


class Health:
    """The three routes. `token` is what Prometheus has to bring; without one only this machine may ask, and only while the
    shop is not `public`, for behind a proxy everybody may seem to come from this machine."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        streams: Sized,
        *,
        token: str = "",
        public: bool = False,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._streams = streams
        self._token = token
        self._public = public
        self._ticks = ticks
        self._asking = asyncio.Lock()
        self._kept: tuple[float, Depths] | None = None

    def routes(self) -> list[BaseRoute]:
        """For the web server."""
        return [
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    async def healthz(self, _: Request) -> Response:
        """The process lives."""
        return PlainTextResponse("ok")

    async def readyz(self, _: Request) -> Response:
        """The database answers."""
        try:
            depths = await self._database.read(lambda unit: unit.depths())
        except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is "not ready"
            return JSONResponse({"ready": False, "database": _reason(error)}, 503)
        return JSONResponse({"ready": True, "inbox": depths.inbox.rows, "outbox": depths.outbox.rows})

    async def metrics(self, request: Request) -> Response:
        """What was counted, for who may know."""
        if not self._may_ask(request):
            return self._turned_away()
        depths: Depths | None = None
        with contextlib.suppress(Exception):  # what was counted is worth most when something is wrong
            depths = await self._depths()
        measure(depths, self._clock())  # and read at once: another shop of this process measures its own
        _STREAMS.set(len(self._streams))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def _depths(self) -> Depths:
        async with self._asking:
            if self._kept is None or self._ticks() - self._kept[0] >= KEPT:
                depths = await self._database.read(lambda unit: unit.depths())
                self._kept = (self._ticks(), depths)
            return self._kept[1]

    def _may_ask(self, request: Request) -> bool:
        if self._token:
            given = request.headers.get("authorization", "")
            return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())
        return not self._public and _from_here(request)

    def _turned_away(self) -> Response:
        if self._token:
            return PlainTextResponse("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
        return PlainTextResponse("not found", 404)


def _reason(error: Exception) -> str:
    """Without the address, which is nobody's business."""
    if isinstance(error, StoreGone):
        return "its file was deleted or replaced; the log says how to mend it"
    return type(error).__name__


def measure(depths: Depths | None, now: datetime) -> None:
    """Set the gauges; None: nothing is known of the queues. What comes due later has no age yet."""
    _UP.set(depths is not None)
    for gauge in (_DEPTH, _AGE):
        gauge.clear()
    for queue, depth in asdict(depths).items() if depths else ():
        age = (now - depth["oldest"]).total_seconds() if depth["oldest"] else 0.0
        _DEPTH.labels(queue).set(depth["rows"])
        _AGE.labels(queue).set(max(0.0, age))


def _from_here(request: Request) -> bool:
    """Asked on this machine by this machine's address, and not on anybody's behalf."""
    caller = request.client.host if request.client else ""
    proxied = any(name in request.headers for name in _FORWARDED)
    bracketed = f"[{caller}]" if ":" in caller else caller
    return not proxied and _is_here(bracketed) and _is_here(request.headers.get("host", ""))


def _is_here(place: str) -> bool:
    """A name or address, with a port or without."""
    try:
        host = urlsplit(f"//{place}").hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False
