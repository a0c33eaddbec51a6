"""What machines that watch are told over HTTP, and who is told it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.health import KEPT, Health, HealthOfAll
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.store.database import SqlDatabase
from tests.pipeline.rig import Rig
from tests.serving import online

TOKEN = "a token that only Prometheus knows"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Ticks:
    """Stands still until moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def watched(rig: Rig, database: Any = None, **how: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Hub]]:
    hub = Hub()
    health = Health(database or rig.database, rig.clock, hub, **how)
    server = WebServer(build(health.routes(), lambda *_: {}, ("en",)), (hub,), "127.0.0.1", 0)
    async with online(server) as address, httpx.AsyncClient(base_url=address) as client:
        yield client, hub


def told(page: httpx.Response, name: str, **labels: str) -> float:
    """A value on the page."""
    assert page.status_code == 200, page.text
    samples = [s for m in text_string_to_metric_families(page.text) for s in m.samples]
    return next(s.value for s in samples if s.name == name and s.labels == labels)


async def test_this_machine_reads_the_metrics_without_a_token(rig: Rig) -> None:
    await rig.write("ann", "你好")
    async with watched(rig) as (client, hub):
        with hub.subscribe(1):
            page = await client.get("/metrics")
        assert told(page, "shouhou_queue_depth", queue="inbox") == 1
        assert told(page, "shouhou_open_streams") == 1
        assert told(page, "process_resident_memory_bytes") > 0
        assert told(page, "process_open_fds") > 0
        assert told(page, "process_cpu_seconds_total") > 0
        assert (await client.get("/metrics", headers={"Host": "localhost:8080"})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"Host": "chat.shop.example"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
)
async def test_nobody_reads_them_through_a_proxy(rig: Rig, headers: dict[str, str]) -> None:
    async with watched(rig) as (client, _):
        refused = await client.get("/metrics", headers=headers)
    assert refused.status_code == 404
    assert "shouhou_" not in refused.text


async def test_a_shop_with_a_public_address_tells_nobody_without_a_token(rig: Rig) -> None:
    async with watched(rig, public=True) as (client, _):
        assert (await client.get("/metrics")).status_code == 404
        assert (await client.get("/healthz")).status_code == 200


async def test_who_brings_the_token_reads_them_from_wherever(rig: Rig) -> None:
    through = {"X-Forwarded-For": "203.0.113.9", "Host": "chat.shop.example"}
    async with watched(rig, token=TOKEN, public=True) as (client, _):
        assert (await client.get("/metrics", headers=BEARER | through)).status_code == 200
        for wrong in ({}, {"Authorization": "Bearer guess"}, {"Authorization": TOKEN}):
            refused = await client.get("/metrics", headers=wrong)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            assert "shouhou_" not in refused.text


async def test_the_database_is_asked_once_in_a_while_however_many_ask(rig: Rig) -> None:
    ticks, asked = Ticks(), Counting(rig.database)
    async with watched(rig, asked, ticks=ticks) as (client, _):
        await asyncio.gather(*(client.get("/metrics") for _ in range(5)))
        assert asked.reads == 1
        await rig.write("ann", "你好")
        assert told(await client.get("/metrics"), "shouhou_queue_depth", queue="inbox") == 0
        ticks.now += KEPT
        assert told(await client.get("/metrics"), "shouhou_queue_depth", queue="inbox") == 1
        assert asked.reads == 2


async def test_ready_is_who_reaches_the_database(rig: Rig) -> None:
    async with watched(rig) as (client, _):
        assert (await client.get("/readyz")).json() == {"ready": True, "inbox": 0, "outbox": 0}
    async with watched(rig, Broken()) as (client, _):
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": "OSError"})
        assert (await client.get("/healthz")).text == "ok"


async def test_what_was_counted_is_told_while_the_database_is_away(rig: Rig) -> None:
    async with watched(rig, Broken()) as (client, _):
        page = await client.get("/metrics")
    assert told(page, "shouhou_database_up") == 0
    assert "shouhou_queue_depth{" not in page.text, "what is not known is not told"
    assert told(page, "process_cpu_seconds_total") > 0
    async with watched(rig) as (client, _):
        assert told(await client.get("/metrics"), "shouhou_database_up") == 1


async def test_two_shops_of_one_process_tell_each_its_own_queues(rig: Rig) -> None:
    await rig.write("ann", "你好")
    async with watched(rig) as (client, _), watched(rig, rig.database.beside("other")) as (other, _):
        for _ in range(2):
            assert told(await client.get("/metrics"), "shouhou_queue_depth", queue="inbox") == 1
            assert told(await other.get("/metrics"), "shouhou_queue_depth", queue="inbox") == 0


class Counting:
    """A database that counts how often it is read."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database
        self.reads = 0

    async def read(self, job: Any) -> Any:
        self.reads += 1
        return await self._database.read(job)


class Broken:
    """A database that can't be reached."""

    async def read(self, _: Any) -> Any:
        raise OSError("no route to host")


async def test_queues_of_several_shops_are_told_together_to_who_may_read_each(rig: Rig) -> None:
    other = rig.database.beside("other")
    await rig.write("ann", "你好")
    open_, closed = (
        Health(one, rig.clock, Hub(), token=token) for one, token in ((rig.database, ""), (other, TOKEN))
    )
    also = Health(other, rig.clock, Hub())
    async with routed(HealthOfAll({"one": open_, "other": also})) as client:
        assert told(await client.get("/metrics"), "shouhou_queue_depth", queue="inbox") == 1
    async with routed(HealthOfAll({"one": open_, "other": closed})) as client:
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/metrics", headers=BEARER)).status_code == 200
    async with routed(HealthOfAll({"one": open_}, ["broken"])) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["shops"]["broken"]) == (503, {"ready": False})


@asynccontextmanager
async def routed(health: HealthOfAll) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(health.routes(), lambda *_: {}, ("en",)), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client
