"""The phrases the shop is shipped with."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.folder.shop_folder import ShopFolder
from bot.understanding.phrasebook import Phrasebook

SHIPPED = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def book() -> Phrasebook:
    return ShopFolder(SHIPPED, ("zh", "en"), ZoneInfo("Asia/Shanghai")).phrasebook()
