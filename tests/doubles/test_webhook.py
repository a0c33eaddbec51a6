"""The double of the Bot API is as strict as the original: how updates are posted to a web server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
)

from tests.doubles.bot_api import Backoff, BotApi, Limits, User
from tests.doubles.clients import Clock, keyboard
from tests.doubles.site import site


class Hook:
    """A web server that notes what is posted to it."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = self.most = 0
        self.url = ""

    async def serve(self, request: web.BaseRequest) -> web.Response:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        body = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.gate.wait()
        self.in_flight -= 1
        self.bodies.append(body)
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer, status=status) if self.answer else web.Response(status=status)

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies if "message" in body]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    async with site(hook.serve) as url:
        hook.url = f"{url}/telegram"
        yield hook
        hook.gate.set()


class TestWebhook:
    @pytest.fixture
    async def api(self, clock: Clock) -> AsyncIterator[BotApi]:
        async with BotApi(clock=clock, limits=Limits.off(), backoff=Backoff(first=0.01)) as api:
            yield api

    async def test_updates_are_posted_with_the_secret(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.set_webhook(hook.url, secret_token="s-1_A")
        await buyer.says("hi")

        await api.drained()
        assert hook.texts == ["/start", "hi"]
        assert hook.secrets == ["s-1_A", "s-1_A"]
        assert Update.de_json(hook.bodies[0], bot).effective_user

    async def test_what_is_refused_is_tried_again_in_order(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        hook.statuses = [500, 503, 200]
        await bot.set_webhook(hook.url)
        await buyer.says("second")

        await api.drained()
        assert hook.texts == ["/start", "/start", "/start", "second"]
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"

    async def test_chats_do_not_wait_for_each_other_and_a_tap_overtakes(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.send_message(42, "?", reply_markup=keyboard("ok"))
        hook.gate.clear()
        await bot.set_webhook(hook.url)
        await buyer.says("same chat, so it waits")
        await buyer.taps("ok")
        await api.user(7).says("hi")
        async with asyncio.timeout(10):
            while hook.in_flight < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        hook.gate.set()

        await api.drained()
        assert hook.most == 3
        assert [("callback_query" in body) for body in hook.bodies].index(True) < 3
        assert hook.texts[-1] == "same chat, so it waits"

    async def test_max_connections_is_kept(self, api: BotApi, bot: Bot, hook: Hook) -> None:
        await bot.set_webhook(hook.url, max_connections=2)
        for number in range(10):
            await api.user(number + 1).says("hi")

        await api.drained()
        assert hook.most <= 2
        assert len(hook.texts) == 10

    async def test_a_certificate_can_be_given(self, bot: Bot) -> None:
        await bot.set_webhook("https://example.com:8443/", certificate=b"-----BEGIN CERTIFICATE-----")
        assert (await bot.get_webhook_info()).has_custom_certificate
        await bot.delete_webhook()

    async def test_get_updates_is_refused_meanwhile(self, bot: Bot, hook: Hook) -> None:
        await bot.set_webhook(hook.url)
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()

        await bot.delete_webhook()
        assert await bot.get_updates() == ()

    async def test_pending_updates_can_be_dropped(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.set_webhook(hook.url, drop_pending_updates=True)

        assert api.pending == 0
        assert (await bot.get_webhook_info()).url == hook.url

    async def test_a_method_in_the_answer_is_performed(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        hook.answer = {"method": "sendMessage", "chat_id": 42, "text": "from the answer"}
        await bot.set_webhook(hook.url)

        await buyer.hears("from the answer")

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({"url": "http://example.com/"}, "An HTTPS URL must be provided"),
            ({"url": "https://example.com:8080/"}, "only on ports 80, 88, 443 or 8443"),
            ({"url": "nonsense"}, "invalid webhook URL"),
            ({"url": "https://example.com/", "secret_token": "ä"}, "unallowed characters"),
            ({"url": "https://example.com/", "secret_token": "x" * 257}, "too long"),
        ],
    )
    async def test_bad_settings(self, bot: Bot, given: dict[str, Any], complaint: str) -> None:
        with pytest.raises(BadRequest, match=f"(?i){complaint}"):
            await bot.set_webhook(**given)
