"""A buyer who asks for a person on a day the shop has off hears when one is back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.folder.shop_folder import Contents
from tests.play.clock import StageClock
from tests.play.people import WebBuyer
from tests.play.stage import config_for, served


@pytest.mark.parametrize(
    ("setting", "value", "back"),
    [
        ("CLOSED_ON", "friday,saturday", "11月22日 09:00"),
        ("CLOSED_DAYS", "2026-11-20", "11月21日 09:00"),
        ("EXTRA_HOLIDAYS", "2026-11-20", "11月21日 09:00"),
    ],
)
async def test_who_asks_on_a_day_off_hears_the_next_open_day(
    setting: str, value: str, back: str, tmp_path: Path, contents: Contents, template: Path
) -> None:
    environ = {"SHOUHOU_SHOP__CLOSED_ON_HOLIDAYS": "true", f"SHOUHOU_SHOP__{setting}": value}
    async with served(config_for(tmp_path, environ), StageClock(), contents, template) as stage:
        buyer = WebBuyer(stage, "zh", "林小满")
        await buyer.says("转人工")
        await stage.quiet()
        assert back in (await buyer.hears()).text
