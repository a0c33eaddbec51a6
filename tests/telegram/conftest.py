"""One double and one served shop a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.folder.shop_folder import Contents
from tests.play.clock import StageClock
from tests.play.fixtures import contents, template
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram

__all__ = ["contents", "template"]


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
