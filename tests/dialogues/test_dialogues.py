"""The dialogue files, played against the whole shop: stored, understood, decided, worded, committed, sent.

Here in the web chat; one scene of each long file is played over Telegram (tests/telegram).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents
from tests.play.carriers import carrier
from tests.play.clock import StageClock
from tests.play.people import WebBuyer
from tests.play.player import Player
from tests.play.script import Scene, in_web_chat
from tests.play.stage import config_for, served

LANGUAGES = load(None, {}).shop.languages


@pytest.mark.parametrize("scene", in_web_chat(), ids=lambda scene: scene.id)
async def test_dialogue(scene: Scene, tmp_path: Path, contents: Contents, template: Path) -> None:
    async with carrier(scene.carrier) as (environ, courier):
        main_first = sorted(LANGUAGES, key=lambda language: language != scene.language)
        config = config_for(
            tmp_path, environ | scene.environ | {"SHOUHOU_SHOP__LANGUAGES": ",".join(main_first)}
        )
        clock = StageClock(scene.starts(config.shop.timezone))
        async with served(config, clock, contents, template) as stage:
            await Player(stage, WebBuyer(stage, scene.language, scene.buyer), scene, courier).play()
