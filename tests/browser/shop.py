"""The sample shop, served for real, and what people do at its pages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, expect

from bot.app import App
from bot.channels.web.chat import Sample
from bot.folder.shop_folder import ShopFolder
from bot.shop.importing import Options
from bot.shop.sample_shop import buyers, load_sample
from tests.play.clock import StageClock
from tests.play.stage import ROOT, SECRET, config_for
from tests.serving import at_work

KEY = "opens-the-desk-once"


@contextlib.asynccontextmanager
async def shop(folder: Path) -> AsyncIterator[str]:
    """The sample shop served as `shouhou run` does; yields its address."""
    config = config_for(folder)
    config = replace(config, web=replace(config.web, port=0), shop=replace(config.shop, name="小禾家居"))
    files = ShopFolder(ROOT, config.shop.languages, config.shop.timezone)
    clock = StageClock(datetime.now(UTC))
    async with App(config, files, files.read(), SECRET, clock=clock) as app:
        await load_sample(app.database, clock(), Options(config.shop.timezone, config.shop.currency))
        samples = [Sample(buyer.key, buyer.name, buyer.language, buyer.orders) for buyer in buyers()]
        server = app.pages.server(samples=samples, desk_key=KEY)
        async with at_work(app.run(server)):
            yield server.address


async def write(page: Page, text: str) -> None:
    """Write and send."""
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def hears(page: Page, text: str) -> None:
    """The newest bubbles say so."""
    await expect(page.locator("#log .bubble").filter(has_text=text).last).to_be_visible()
