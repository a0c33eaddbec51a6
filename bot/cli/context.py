"""Where a command runs: the shop's folder, its settings, its database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.folder.shop_folder import Contents, ShopFolder
    from bot.store.database import SqlDatabase
    from bot.store.unit import SqlUnit

T = TypeVar("T")


def tell_learning(count: int) -> None:
    """Say why this start takes seconds."""
    click.echo(f"learning {count:,} phrases; kept for the next start …", err=True)


class Here:
    """The shop's folder a command was called for."""

    def __init__(self, folder: str) -> None:
        self.path = Path(folder).resolve()

    def enter(self) -> None:
        """Make it the current folder, so that relative paths in its settings mean what they say."""
        if not (self.path / "config.yaml").is_file():
            raise ConfigError(
                f"{self.path} is no shop's folder: it has no config.yaml. "
                "Lay one out with: shouhou init myshop, then: cd myshop"
            )
        os.chdir(self.path)

    @cached_property
    def config(self) -> Config:
        """The settings in force."""
        from bot.config import load

        self.enter()
        return load(Path("config.yaml"), os.environ)

    def folder(self) -> ShopFolder:
        """The shop's phrases and replies, unread."""
        from bot.folder.shop_folder import ShopFolder

        shop = self.config.shop
        return ShopFolder(Path(), shop.languages, shop.timezone, tell=tell_learning)

    def contents(self) -> Contents:
        """The shop's phrases and replies."""
        return self.folder().read()

    def with_database(self, job: Callable[[SqlUnit], T]) -> T:
        """Run a job over the shop's database, also while the shop is being served."""
        return asyncio.run(self._opened(lambda database: database.write_alone(job)))

    def look(self, job: Callable[[SqlUnit], T]) -> T:
        """The same for a job that only reads: it keeps nobody waiting who writes, and waits for nobody. StoreError when there is
        nothing to read yet."""
        self.needs_database()
        return asyncio.run(self._opened(lambda database: database.read(job)))

    def needs_database(self) -> None:
        """StoreError where none was made yet."""
        from sqlalchemy.engine import make_url

        from bot.store.sqlite_file import there_is_one

        url = make_url(self.config.storage.url)
        if url.get_backend_name() == "sqlite" and url.database:
            there_is_one(Path(url.database))

    async def _opened(self, job: Callable[[SqlDatabase], Awaitable[T]]) -> T:
        from bot.store.database import SqlDatabase

        async with SqlDatabase(
            self.config.storage.url, shop=self.config.storage.shop, exclusive=False
        ) as database:
            await database.migrate()
            return await job(database)
