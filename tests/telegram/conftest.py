"""One double and one served shop a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from tests.play.clock import StageClock
from tests.play.stage import ROOT
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The repository's own phrases and replies, read once."""
    shop = load(None, {}).shop
    return ShopFolder(ROOT, shop.languages, shop.timezone).read()


@pytest.fixture
async def stage(tmp_path: Path, contents: Contents) -> AsyncIterator[TelegramStage]:
    """A shop served by polling, with a staff group."""
    async with on_telegram(tmp_path, StageClock(), contents) as stage:
        yield stage
        assert not stage.api.violations, "\n".join(map(str, stage.api.violations))


@pytest.fixture
def buyer(stage: TelegramStage) -> TelegramBuyer:
    """小林, who writes Chinese."""
    return TelegramBuyer.who_speaks(stage, "zh")
