"""At the door of the webhook: who may come in, what is too large, and what overtakes what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.webhook import LARGEST_BODY, SECRET_HEADER
from bot.folder.shop_folder import Contents
from bot.shop.links import sign
from tests.doubles.bot_api.updates import Update
from tests.doubles.bot_api.webhook import Webhook
from tests.play.clock import StageClock
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.telegram.looking import inbox_states, nothing_lost, said


@pytest.fixture
async def stage(tmp_path: Path, contents: Contents, template: Path) -> AsyncIterator[TelegramStage]:
    """A shop served by webhook."""
    async with on_telegram(tmp_path, StageClock(), contents, mode="webhook", template=template) as stage:
        yield stage
        assert not stage.api.violations


def update(text: str = "你好", number: int = 1) -> dict[str, object]:
    person = {"id": 42, "is_bot": False, "first_name": "小林"}
    chat = {"id": 42, "type": "private", "first_name": "小林"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text},
    }


def post(
    stage: TelegramStage, content: bytes | dict[str, object], secret: str | None = None
) -> httpx.Response:
    """Somebody knocks."""
    setting = stage.api.world.webhook.setting
    assert setting
    headers = {SECRET_HEADER: setting.secret if secret is None else secret}
    if isinstance(content, bytes):
        typed = headers | {"Content-Type": "application/json"}
        return httpx.post(setting.url, content=content, headers=typed)
    return httpx.post(setting.url, json=content, headers=headers)


async def test_the_secret_is_asked_for(stage: TelegramStage) -> None:
    setting = stage.api.world.webhook.setting
    assert setting
    assert setting.max_connections == 40
    for wrong in ("", "wrong", setting.secret + "x"):
        assert (await asyncio.to_thread(post, stage, update(), wrong)).status_code == 403
    assert await inbox_states(stage) == []
    assert (await asyncio.to_thread(post, stage, update())).status_code == 200
    await stage.quiet()
    assert await inbox_states(stage) == ["done"]


async def test_a_body_larger_than_any_update_is_refused(stage: TelegramStage) -> None:
    found = await asyncio.to_thread(post, stage, b" " * (LARGEST_BODY + 1))
    assert found.status_code == 413
    assert await inbox_states(stage) == []


async def test_what_is_no_json_is_kept_for_a_person_to_look_at(stage: TelegramStage) -> None:
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b"null"):
        assert (await asyncio.to_thread(post, stage, body)).status_code == 200
    await stage.quiet()
    assert set(await inbox_states(stage)) <= {"done", "shunted"}
    assert len(await inbox_states(stage)) == 4


async def test_the_same_update_again_is_answered_once(stage: TelegramStage) -> None:
    buyer = TelegramBuyer.who_speaks(stage, "zh")
    buyer.user.chat.started = True
    for _ in range(3):
        assert (await asyncio.to_thread(post, stage, update())).status_code == 200
    await stage.quiet()
    assert len(buyer.news()) == 1


async def test_a_tap_that_overtakes_a_message(stage: TelegramStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """They travel in different queues; whichever comes first is answered first, and nothing is lost."""
    buyer = TelegramBuyer.who_speaks(stage, "zh")
    payload = sign("2600018002", SECRET, stage.clock() + timedelta(days=1))
    await buyer.says(f"/start {payload}")
    await buyer.says("我要退款")
    await buyer.hears()
    webhook, tapped = stage.api.world.webhook, asyncio.Event()
    deliver = webhook._deliver

    async def slowly(one: Update) -> bool:
        if one.kind == "message":
            await tapped.wait()
        found = await deliver(one)
        if one.kind == "callback_query":
            tapped.set()
        return found

    monkeypatch.setattr(Webhook, "_deliver", lambda _, one: slowly(one))
    await buyer.user.says("算了先不退了")
    await buyer.user.taps("✅ 取消并退款")
    await buyer.hears()
    assert said(stage)[2] == "request_refund/opened"
    assert len(said(stage)) == 4
    await nothing_lost(stage)
