"""The double of the Bot API, and our Telegram against it over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import Limits, Settings, Telegram
from bot.domain.conversation import Conversation
from tests.channels.telegram.support import STAFF_CHAT, Conversations, Inbox
from tests.doubles import bot_api
from tests.doubles.bot_api import BotApi, Group, User

Start = Callable[..., Any]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=bot_api.Limits.off()) as api:
        yield api


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def database() -> Conversations:
    return Conversations({7: Conversation(7, "telegram", "42", name="小林")})


@pytest.fixture
def settings(api: BotApi) -> Settings:
    return Settings(
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        staff_chat=STAFF_CHAT,
        timeout=1,
        poll_seconds=1,
        limits=Limits.off(),
    )


@pytest.fixture
async def start(
    api: BotApi, inbox: Inbox, database: Conversations, settings: Settings
) -> AsyncIterator[Start]:
    """Starts a Telegram with these settings changed; it ends with the test."""
    async with AsyncExitStack() as stack:

        async def starts(*, files: Any = None, token: str = "", **changed: Any) -> Telegram:
            telegram = Telegram(
                token=token or api.token,
                settings=replace(settings, **changed),
                database=database,
                intake=inbox,
                files=files,
            )
            return await stack.enter_async_context(telegram)

        yield starts


@pytest.fixture
async def telegram(start: Start) -> Telegram:
    started: Telegram = await start()
    return started


@pytest.fixture
async def buyer(api: BotApi) -> User:
    """A buyer who wrote to the bot, so that it may write to them."""
    buyer = api.user(42, first_name="小林", language_code="zh-hans")
    await buyer.says("在吗")
    return buyer


@pytest.fixture
def group(api: BotApi) -> Group:
    return api.forum_group(STAFF_CHAT)
