"""The shop as `shouhou run` serves it, with orders and a database of its own, and the bench's messenger for Telegram."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.app import App
from bot.bench.desk.house import apart, keep_silent
from bot.bench.load.crowd import FIRST_CHAT
from bot.bench.load.messenger import TOKEN
from bot.bench.load.wares import stock
from bot.config import Config
from bot.config.secrets import Secrets
from bot.opening import open_folder
from bot.pipeline.roles import Role
from bot.store.database import SqlDatabase

_PART = 500
"""Buyers in one transaction."""


def prepared(config: Config, folder: Path, url: str, address: str, per_second: int = 0) -> Config:
    """The shop's settings for it; the database at `url` is kept in this folder when that is empty. It sends `per_second` messages
    at most, over all chats; 0 for as many as it can."""
    config = apart(config, folder)
    return replace(
        config,
        storage=replace(config.storage, url=url or config.storage.url),
        telegram=replace(
            config.telegram,
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            mode="polling",
            staff_chat=None,
            messages_per_second=per_second,
        ),
        secrets=Secrets(telegram_token=TOKEN),
    )


async def fill(config: Config, buyers: int) -> None:
    """Tables, and orders for so many buyers."""
    people = [(number, FIRST_CHAT + number) for number in range(buyers)]
    now = datetime.now(UTC)
    async with SqlDatabase(config.storage.url, shop=config.storage.shop) as database:
        await database.migrate()
        for begin in range(0, len(people), _PART):
            part = people[begin : begin + _PART]
            await database.write_alone(partial(stock, part, now))


async def serve(config: Config, roles: Collection[Role], opened: Callable[[], None]) -> None:
    """Do what these roles do, until cancelled."""
    keep_silent()
    async with App(config, *open_folder(Path(), config), secrets.token_urlsafe(32)) as app:
        opened()
        await app.run(app.pages.server(roles=roles), roles)
