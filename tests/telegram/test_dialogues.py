"""The last scene of each long dialogue file, over real HTTP: the library, the Bot API double, and in webhook mode our web server.

Every fifth by webhook, the rest by polling; the other scenes are played in the web chat (tests/dialogues).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents
from tests.play.carriers import carrier
from tests.play.clock import StageClock
from tests.play.player import Player
from tests.play.script import Scene, over_telegram
from tests.play.telegram import Mode, TelegramBuyer, on_telegram

PLAYED = over_telegram()
BY_WEBHOOK = PLAYED[::5]
BY_POLLING = [scene for number, scene in enumerate(PLAYED) if number % 5]
SHOP = load(None, {}).shop
LANGUAGES, TIMEZONE = SHOP.languages, SHOP.timezone


@pytest.mark.parametrize("scene", BY_POLLING, ids=lambda scene: scene.id)
async def test_by_polling(scene: Scene, tmp_path: Path, contents: Contents, template: Path) -> None:
    await play(scene, "polling", tmp_path, contents, template)


@pytest.mark.parametrize("scene", BY_WEBHOOK, ids=lambda scene: scene.id)
async def test_by_webhook(scene: Scene, tmp_path: Path, contents: Contents, template: Path) -> None:
    await play(scene, "webhook", tmp_path, contents, template)


async def play(scene: Scene, mode: Mode, folder: Path, contents: Contents, template: Path) -> None:
    """The scene, and afterwards: Telegram had nothing to refuse."""
    main_first = ",".join(sorted(LANGUAGES, key=lambda language: language != scene.language))
    clock = StageClock(scene.starts(TIMEZONE))
    async with carrier(scene.carrier) as (environ, courier):
        settings = environ | scene.environ | {"SHOUHOU_SHOP__LANGUAGES": main_first}
        async with on_telegram(
            folder, clock, contents, mode=mode, environ=settings, template=template
        ) as stage:
            buyer = TelegramBuyer.who_speaks(stage, scene.language, scene.buyer)
            await Player(stage, buyer, scene, courier).play()
            await stage.quiet()
            assert not stage.api.violations, "\n".join(map(str, stage.api.violations))
            refused = [call for call in stage.api.log if call.answered and not call.accepted]
            assert not refused, "\n".join(map(str, refused))
