"""Pictures of the shop's own guides, as they reach a buyer: a photo on Telegram, shown in place in the web chat."""

from __future__ import annotations

from pathlib import Path

from bot.folder.shop_folder import Contents
from tests.channels.web.browser import Browser
from tests.play.clock import StageClock
from tests.play.stage import ROOT, config_for, served
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.serving import online

PICTURE = (ROOT / "replies/zh/faq/air_fryer-clean.png").read_bytes()
QUESTION = "how do I clean the air fryer"


async def test_on_telegram_it_is_one_photo_with_the_steps_under_it(stage: TelegramStage) -> None:
    buyer = TelegramBuyer.who_speaks(stage, "en")
    await buyer.says(QUESTION)
    await stage.quiet()
    (message,) = buyer.news()
    assert message.media == "photo"
    assert "heating element" in message.text
    assert message.labels == ["👍 Yes, thanks", "Not yet"]
    assert stage.api.world.files.by_id[message.file_id].content == PICTURE


async def test_in_the_web_chat_it_is_shown_in_place_to_its_reader_alone(
    tmp_path: Path, contents: Contents, template: Path
) -> None:
    async with (
        served(config_for(tmp_path, {"SHOUHOU_WEB__PORT": "0"}), StageClock(), contents, template) as stage,
        online(stage.app.pages.server()) as address,
        Browser(address) as buyer,
        Browser(address) as stranger,
    ):
        await buyer.write(QUESTION)
        async with buyer.stream() as stream:
            while not (files := (await stream.next("line")).data["files"]):
                pass
        (file,) = files
        shown = await buyer.client.get(file["url"])
        assert (file["image"], file["name"]) == (True, "air_fryer-clean.png")
        assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/png")
        assert shown.headers["content-disposition"].startswith("inline")
        assert (await stranger.client.get(file["url"])).status_code == 404
