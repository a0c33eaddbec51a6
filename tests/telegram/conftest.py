"""One double and one served shop a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from bot.store.database import SqlDatabase
from tests.play.clock import StageClock
from tests.play.stage import ROOT
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The repository's own phrases and replies, read once."""
    shop = load(None, {}).shop
    return ShopFolder(ROOT, shop.languages, shop.timezone).read()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to copy."""
    path = tmp_path_factory.mktemp("template") / "shop.db"
    asyncio.run(migrated(path))
    return path


async def migrated(path: Path) -> None:
    async with SqlDatabase(f"sqlite:///{path}") as database:
        await database.migrate()


@pytest.fixture
async def stage(tmp_path: Path, contents: Contents, template: Path) -> AsyncIterator[TelegramStage]:
    """A shop served by polling, with a staff group."""
    async with on_telegram(tmp_path, StageClock(), contents, template=template) as stage:
        yield stage
        assert not stage.api.violations, "\n".join(map(str, stage.api.violations))


@pytest.fixture
def buyer(stage: TelegramStage) -> TelegramBuyer:
    """小林, who writes Chinese."""
    return TelegramBuyer.who_speaks(stage, "zh")
