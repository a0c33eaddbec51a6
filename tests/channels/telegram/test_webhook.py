"""Updates brought by Telegram, over real HTTP in both directions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.router import ALLOWED_UPDATES
from bot.channels.telegram.webhook import LARGEST_BODY, SECRET_HEADER
from bot.errors import ConfigError
from tests.channels.telegram.conftest import Start
from tests.channels.telegram.support import Inbox
from tests.doubles.bot_api import BotApi, User

SECRET = "a-secret_1"


@asynccontextmanager
async def served(telegram: Telegram, port: int) -> AsyncIterator[None]:
    app = Starlette(routes=telegram.routes())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(telegram.receive())]
    try:
        yield
    finally:
        tasks[1].cancel()
        server.should_exit = True
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def url(unused_tcp_port: int) -> str:
    return f"http://127.0.0.1:{unused_tcp_port}/hooks/telegram"


@pytest.fixture
async def telegram(start: Start, url: str, unused_tcp_port: int) -> AsyncIterator[Telegram]:
    started: Telegram = await start(mode="webhook", webhook_url=url, secret=SECRET)
    async with served(started, unused_tcp_port):
        yield started


async def test_updates_are_stored_and_taps_answered(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    await api.drained()
    await telegram.bot.send_message(42, "?", reply_markup=keyboard([("是", "1|a|yes")]))
    await (await buyer.taps("是")).answered()
    await api.drained()
    assert [arrival.address for arrival in inbox.arrivals] == ["42", "42"]
    (call,) = api.log.of("setWebhook")
    assert call.params["allowed_updates"] == list(ALLOWED_UPDATES)
    assert api.violations == []


async def test_what_could_not_be_stored_is_brought_again(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    inbox.broken = OSError("disk full")
    await inbox.until(lambda inbox: inbox.refusals >= 2)
    assert api.pending == 1
    inbox.broken = None
    await api.drained()
    assert len(inbox.arrivals) == 1


async def test_several_are_stored_side_by_side(api: BotApi, telegram: Telegram, inbox: Inbox) -> None:
    inbox.gate = asyncio.Event()
    for number in range(1, 11):
        await api.user(number).says("hi")
    await inbox.until(lambda inbox: inbox.under_way == 10)
    inbox.gate.set()
    await api.drained()
    assert inbox.most_under_way == 10


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (SECRET, b'{"update_id": 1}', 200),
        (SECRET, b"no json", 200),
        (SECRET, b"[" * 100_000, 200),
        (SECRET, b"\xff\xfe", 200),
        (SECRET, b"x" * (LARGEST_BODY + 1), 413),
        ("wrong", b'{"update_id": 1}', 403),
        ("", b'{"update_id": 1}', 403),
        (SECRET + "é", b'{"update_id": 1}', 403),
    ],
)
async def test_who_knocks(
    telegram: Telegram, inbox: Inbox, url: str, secret: str, body: bytes, status: int
) -> None:
    async with httpx.AsyncClient() as client:
        headers = httpx.Headers({SECRET_HEADER: secret, "Content-Type": "application/json"}, encoding="utf-8")
        answer = await client.post(url, content=body, headers=headers)
        assert answer.status_code == status
        assert (await client.get(url)).status_code == 405
    assert len(inbox.arrivals) == (status == 200)


async def test_a_body_that_does_not_end_is_cut_off(telegram: Telegram, url: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65536

    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(url, content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_every_process_comes_to_the_same_secret_by_itself(start: Start, url: str) -> None:
    one, two = [await start(mode="webhook", webhook_url=url) for _ in range(2)]
    assert one._webhook._secret == two._webhook._secret
    assert len(one._webhook._secret) == 64
    assert "TEST" not in one._webhook._secret


async def test_a_secret_telegram_would_refuse_is_refused_at_the_start(start: Start, url: str) -> None:
    with pytest.raises(ConfigError, match="secret"):
        await start(mode="webhook", webhook_url=url, secret="mit Leerzeichen")


async def test_polling_has_no_route(start: Start) -> None:
    polls = await start()
    assert polls.routes() == []


def test_updates_survive_as_json() -> None:
    body: dict[str, Any] = {"message": {"text": "\ud83d\x00"}}
    assert json.loads(json.dumps(body)) == body
