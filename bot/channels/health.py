"""For machines that watch: /healthz (the process lives), /readyz (it can serve), /metrics (Prometheus)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.pipeline.looks import Status
from bot.pipeline.ports import Database

_DEPTH = Gauge("shouhou_queue_depth", "Rows waiting", ["queue"])
_AGE = Gauge("shouhou_queue_oldest_seconds", "Age of the oldest waiting row", ["queue"])


def health_routes(database: Database, clock: Callable[[], datetime]) -> list[BaseRoute]:
    """The three routes."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        try:
            status = await database.read(lambda unit: unit.status())
        except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is "not ready"
            return JSONResponse({"ready": False, "database": type(error).__name__}, 503)
        return JSONResponse({"ready": True, "inbox": status.inbox_due, "outbox": status.outbox_due})

    async def metrics(_: Request) -> Response:
        measure(await database.read(lambda unit: unit.status()), clock())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def measure(status: Status, now: datetime) -> None:
    """Set the gauges."""
    _DEPTH.labels("inbox").set(status.inbox_due)
    _DEPTH.labels("outbox").set(status.outbox_due)
    _DEPTH.labels("shunt").set(status.shunted)
    _DEPTH.labels("deadlines").set(status.deadlines_waiting)
    _DEPTH.labels("files").set(status.files_waiting)
    oldest_of = (
        ("inbox", status.inbox_oldest),
        ("outbox", status.outbox_oldest),
        ("files", status.files_oldest),
    )
    for queue, oldest in oldest_of:
        _AGE.labels(queue).set((now - oldest).total_seconds() if oldest else 0)
