"""One double and one served shop a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.folder.shop_folder import Contents
from bot.shop.links import sign
from tests.play.clock import StageClock
from tests.play.fixtures import contents, template
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.telegram.desk import Desk
from tests.telegram.looking import nothing_lost

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


@pytest.fixture
async def flagged(stage: TelegramStage, buyer: TelegramBuyer) -> AsyncIterator[TelegramBuyer]:
    """小林 has an open application and has asked for a person."""
    payload = sign("2600018002", SECRET, stage.clock() + timedelta(days=1))
    await buyer.says(f"/start {payload}")
    await buyer.says("我要退款")
    await buyer.hears()
    await buyer.taps("取消并退款")
    await buyer.says("转人工")
    await buyer.hears()
    yield buyer
    await nothing_lost(stage)


@pytest.fixture
def desk(stage: TelegramStage, flagged: TelegramBuyer) -> Desk:
    """小周, who looks after it."""
    agent = stage.api.user(900, first_name="小周")
    return Desk(stage, agent)
