"""For machines that watch: /healthz (the process lives), /readyz (it can serve), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from collections.abc import Callable, Collection, Mapping, Sequence, Sized
from dataclasses import asdict, fields
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import StoreGone
from bot.pipeline.looks import Depth, Depths
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
        self.clock = clock
        self.streams = streams
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
        told = await self.readiness()
        return JSONResponse(told, 200 if told["ready"] else 503)

    async def readiness(self) -> dict[str, Any]:
        """What is told of it."""
        try:
            depths = await self._database.read(lambda unit: unit.depths())
        except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is "not ready"
            return {"ready": False, "database": _reason(error)}
        return {"ready": True, "inbox": depths.inbox.rows, "outbox": depths.outbox.rows}

    async def metrics(self, request: Request) -> Response:
        """What was counted, for who may know."""
        return self.turned_away(request) or await _page_of([self])

    async def depths(self) -> Depths:
        """How its queues stand, or stood a moment ago."""
        async with self._asking:
            if self._kept is None or self._ticks() - self._kept[0] >= KEPT:
                depths = await self._database.read(lambda unit: unit.depths())
                self._kept = (self._ticks(), depths)
            return self._kept[1]

    def turned_away(self, request: Request) -> Response | None:
        """What who may not read the metrics is told; None to who may."""
        if self._token:
            given = request.headers.get("authorization", "")
            if hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return None
            return PlainTextResponse("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
        if not self._public and _from_here(request):
            return None
        return PlainTextResponse("not found", 404)


class HealthOfAll:
    """The same three of a process that serves several shops, for who asks for none of them by name: a container's own check,
    Prometheus."""

    def __init__(self, shops: Mapping[str, Health], refused: Collection[str] = ()) -> None:
        """By name; those `refused` could not be served at all."""
        self._shops = shops
        self._refused = refused

    def routes(self) -> list[BaseRoute]:
        """For the web server."""
        return [
            Route("/healthz", next(iter(self._shops.values())).healthz),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    async def readyz(self, _: Request) -> Response:
        """Every one of them is ready."""
        told = {name: await shop.readiness() for name, shop in self._shops.items()}
        told |= {name: {"ready": False} for name in self._refused}
        ready = all(one["ready"] for one in told.values())
        return JSONResponse({"ready": ready, "shops": told}, 200 if ready else 503)

    async def metrics(self, request: Request) -> Response:
        """What was counted, and the queues of all together, for who may read those of each."""
        for shop in self._shops.values():
            if away := shop.turned_away(request):
                return away
        return await _page_of([*self._shops.values()])


async def _page_of(shops: Sequence[Health]) -> Response:
    """The metrics, with the queues of these shops."""
    depths: Depths | None = None
    with contextlib.suppress(Exception):  # what was counted is worth most when something is wrong
        depths = _together([await shop.depths() for shop in shops])
    measure(depths, shops[0].clock())  # and read at once: each of several pages measures its own shops
    _STREAMS.set(sum(len(shop.streams) for shop in shops))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _together(shops: Sequence[Depths]) -> Depths:
    """All their rows, and the oldest of them."""
    queues: dict[str, Depth] = {}
    for queue in fields(Depths):
        each = [getattr(shop, queue.name) for shop in shops]
        oldest = min((one.oldest for one in each if one.oldest), default=None)
        queues[queue.name] = Depth(sum(one.rows for one in each), oldest)
    return Depths(**queues)


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
