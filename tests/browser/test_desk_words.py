"""An agent at the desk in the browser: commands typed there are carried out, and its notes are in the page's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.shop import KEY, hears, shop, write
from tests.channels.web.chromium import pages

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_commands_typed_at_the_desk_are_carried_out_and_never_sent(
    browser_process: Browser, tmp_path: Path
) -> None:
    async with shop(tmp_path) as address, pages(browser_process) as browser:
        buyer = await browser.open(f"{address}/")
        await buyer.get_by_text("林小满").first.click()
        await write(buyer, "卫衣穿一次就起球了 我要退货退款")
        await hears(buyer, "拍几张照片")
        await write(buyer, "没有照片")
        await buyer.get_by_role("button", name="确认提交").click()
        await hears(buyer, "申请已提交")
        await write(buyer, "转人工")
        await hears(buyer, "已经为您转接人工客服")

        desk = await browser.open(f"{address}/desk/open?key={KEY}", width=1280)
        await desk.locator("#list .row").first.click()
        card = await desk.locator("#log .line.system .bubble").filter(has_text="🆕").inner_text()
        number = re.findall(r"R\d+", card)[0]

        await write(desk, "/refuze 照片看不清")
        await expect(desk.locator("#trouble")).to_contain_text("没有发出")
        await expect(desk.locator("#text")).to_have_value("/refuze 照片看不清")
        await write(desk, f"/return {number}")
        await hears(buyer, "寄")
        await expect(desk.locator("[data-act=ship_back]")).to_be_visible()
        await write(desk, f"/waybill {number} abc")
        await expect(desk.locator("#trouble")).to_contain_text("不像快递单号")
        await expect(desk.locator("[data-act=ship_back]")).to_be_visible()
        await write(desk, f"/waybill {number} 顺丰 SF2000011112222")
        await hears(buyer, "SF2000011112222")
        await write(desk, f"/reject {number} 少了配件")
        await hears(buyer, "少了配件")
        await write(desk, "/claim")
        await expect(desk.locator("#held")).to_have_text("小禾 接待中")
        await write(desk, "/release")
        await expect(desk.locator("#held")).to_have_text("机器人接待中")
        await hears(buyer, "由我继续为您服务")
        said = await buyer.locator("#log .bubble").all_inner_texts()
        assert [text for text in said if "/" in text] == []


async def test_an_english_desk_reads_its_notes_in_english(browser_process: Browser, tmp_path: Path) -> None:
    async with shop(tmp_path) as address, pages(browser_process) as browser:
        buyer = await browser.open(f"{address}/")
        await buyer.get_by_text("林小满").first.click()
        await write(buyer, "转人工")
        await hears(buyer, "已经为您转接人工客服")

        desk = await browser.open(f"{address}/desk/open?key={KEY}", width=1280, locale="en-GB")
        await desk.locator("#list .row").first.click()
        note = desk.locator(".line.system .bubble")
        await expect(note.first).to_contain_text("Buyer asks for a person")
        await write(desk, "/claim")
        await expect(note.last).to_contain_text("has taken it")
        await expect(desk.locator(".from-bot .bubble").last).to_contain_text("已经为您转接人工客服")
        await desk.get_by_role("link", name="简体中文").click()
        await desk.locator("#list .row").first.click()
        await expect(note.first).to_contain_text("买家要求人工")
        await expect(note.last).to_contain_text("已接手")
