"""The double with a clock of its own, a bot, a buyer and a staff group on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
)

from tests.doubles.bot_api import BotApi, Group, Limits, User
from tests.doubles.clients import STAFF, Clock, Raw, bot_of


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else python-telegram-bot warns of its next version


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[BotApi]:
    async with BotApi(clock=clock, limits=Limits.off()) as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with bot_of(api) as bot:
        yield bot


@pytest.fixture
async def raw(api: BotApi) -> AsyncIterator[Raw]:
    """`await raw("sendMessage", json={…})`: the answer, whatever it is."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **given: Any) -> dict[str, Any]:
            async with session.post(f"{api.base_url}{api.token}/{method}", **given) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        yield call


@pytest.fixture
async def buyer(api: BotApi) -> User:
    buyer = api.user(42, first_name="小林", language_code="zh-hans")
    await buyer.commands("/start")
    return buyer


@pytest.fixture
def group(api: BotApi) -> Group:
    return api.forum_group(STAFF, title="售后")
