"""Real clients of the Bot API double, and a clock the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.request import HTTPXRequest

from tests.doubles.bot_api import BotApi

STAFF = -1001234567890
Raw = Callable[..., Awaitable[dict[str, Any]]]


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time

    def moves(self, seconds: float) -> None:
        self.time += seconds


@asynccontextmanager
async def bot_of(api: BotApi, read_timeout: float = 10) -> AsyncIterator[Bot]:
    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"verify": False})  # no TLS here

    bot = Bot(
        api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"do:{label}")] for label in labels]
    )
