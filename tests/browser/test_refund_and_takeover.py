"""A real Chromium lives through a refund and a takeover: a buyer on a phone, an agent at a desk, one served shop.

With SHOUHOU_PICTURES set to a folder, the pictures of the README and of docs/desk.md are taken on the way.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser import desk_pictures
from tests.browser.shop import KEY, hears, shop, write
from tests.channels.web.chromium import pages

pytestmark = pytest.mark.asyncio(loop_scope="session")
PICTURES = os.environ.get("SHOUHOU_PICTURES", "")

SHOWN: dict[str, Any] = {"timezone_id": "Asia/Shanghai", "device_scale_factor": 1.5 if PICTURES else 1}


async def explains(desk: Page, line: str, gist: str, phrase: str, fact: str) -> None:
    """Under a line of the buyer's unfolds what it was understood to mean."""
    understood = desk.locator("#log .line").filter(has_text=line).locator("details")
    await expect(understood.locator("summary")).to_contain_text(gist)
    await understood.locator("summary").click()
    await expect(understood.locator("li").first).to_contain_text(phrase)
    await expect(understood.locator("dl")).to_contain_text(fact)


async def picture(page: Page, name: str) -> None:
    """Take a picture for the README, when asked to."""
    if PICTURES:
        await page.wait_for_timeout(600)
        await page.screenshot(path=Path(PICTURES) / name)


async def test_a_refund_is_applied_for_refused_by_an_agent_and_taken_back(
    browser_process: Browser, tmp_path: Path
) -> None:
    async with shop(tmp_path) as address, pages(browser_process) as browser:
        buyer = await browser.open(f"{address}/", width=420, height=900, **SHOWN)
        await buyer.get_by_text("林小满").first.click()

        await write(buyer, "我的快递到哪了")
        await buyer.get_by_role("button", name="无线降噪耳机").click()
        await hears(buyer, "长沙转运中心")
        await picture(buyer, "chat.png")

        await write(buyer, "卫衣起球了 我要退款")
        await hears(buyer, "想退多少")
        await buyer.get_by_role("button", name="全额").click()
        await hears(buyer, "拍几张照片")
        await buyer.locator("input[type=file]").set_input_files(
            [FilePayload(name="spot.png", mimeType="image/png", buffer=await buyer.screenshot())]
        )
        await write(buyer, "领口这里")
        await buyer.get_by_role("button", name="发完了").click()
        await hears(buyer, "¥159.00")
        await buyer.get_by_role("button", name="确认提交").click()
        await hears(buyer, "申请已提交")
        await write(buyer, "转人工")
        await hears(buyer, "已经为您转接人工客服")

        desk = await browser.open(f"{address}/desk/open?key={KEY}", width=1280, height=860, **SHOWN)
        await desk.locator("#list .row").first.click()
        await expect(desk.locator("#who")).to_have_text("林小满")
        await desk.get_by_role("button", name="接手").click()
        await write(desk, "您好，我是小禾。照片有点糊，麻烦再拍一张近的好吗？")
        await hears(buyer, "麻烦再拍一张近的")
        await explains(desk, "卫衣起球了", "理解为“申请退款”", "我要退款", "质量问题")
        await desk.get_by_role("button", name="拒绝申请").click()
        await desk.locator("#ask-text").fill("照片看不清，请补拍后再申请")
        await desk.locator("#ask-do").click()
        await hears(buyer, "照片看不清")
        await desk.get_by_role("button", name="交还机器人").click()
        await expect(desk.locator("#held")).to_have_text("机器人接待中")

        await write(buyer, "那不退了 帮我撤销")
        await buyer.get_by_role("button", name="确认撤销").click()
        await hears(buyer, "已经撤销")
        await expect(desk.locator("[data-act=refuse]")).to_have_count(0)
        if PICTURES:
            await desk_pictures.take(browser, tmp_path / "pictures", Path(PICTURES))


async def test_an_agreed_refund_is_told_to_the_buyer_and_shown_as_to_be_paid(
    browser_process: Browser, tmp_path: Path
) -> None:
    async with shop(tmp_path) as address, pages(browser_process) as browser:
        buyer = await browser.open(f"{address}/?lang=en", locale="en-GB")
        await buyer.get_by_text("Emma Clarke").first.click()
        await write(buyer, "I want a refund for order 2600018101")
        await buyer.get_by_role("button", name="Cancel and refund").click()
        await hears(buyer, "$32.00")

        desk = await browser.open(f"{address}/desk/open?key={KEY}", width=1280)
        await desk.locator("#list .row").first.click()
        await desk.locator("[data-act=agree]").click()
        await desk.locator("#ask-do").click()
        await hears(buyer, "has agreed")
        await expect(desk.get_by_text("待打款").first).to_be_visible()
