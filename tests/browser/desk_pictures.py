"""The pictures of docs/desk.md: a desk at work, on a phone, and in the dark. Taken on demand alone (SHOUHOU_PICTURES)."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.shop import KEY, hears, shop, write
from tests.channels.web.chromium import Pages

PASSWORD = "seven green tea pots"
ZONE = "Asia/Shanghai"


async def take(browser: Pages, folder: Path, into: Path) -> None:
    """The three of them."""
    async with shop(folder) as address:
        lin = await _buyers(browser, address)
        desk = await browser.open(f"{address}/desk/open?key={KEY}", width=1280, height=800, timezone_id=ZONE)
        mia = await _colleague(browser, desk)
        await desk.goto(f"{address}/desk")
        await desk.locator("#list .row").filter(has_text="林小满").click()
        await desk.get_by_role("button", name="接手").click()
        await desk.get_by_label("写备注").check()
        await write(desk, "仓库说烤架有货，今天能补寄")
        await expect(desk.locator("#log .from-note")).to_be_visible()
        await desk.get_by_label("回复买家", exact=True).check()
        await write(lin, "退款一般多久到账")
        await expect(desk.locator("#draft")).to_be_visible()
        await _shot(desk, into / "desk.png")
        await desk.set_viewport_size({"width": 390, "height": 780})
        await _shot(desk, into / "desk-phone.png")
        await mia.locator("#list .row").filter(has_text="Emma").click()
        await mia.get_by_role("button", name="Take over").click()
        await mia.get_by_role("button", name="Macros").click()
        await mia.locator("#macros-words").fill("deli")
        await expect(mia.locator("#macros [role=option]")).to_have_count(1)
        await _shot(mia, into / "desk-dark.png")


async def _buyers(browser: Pages, address: str) -> Page:
    """Each waits for a person; the one who has a case has this page."""
    lin = await browser.open(f"{address}/", timezone_id=ZONE)
    await lin.get_by_text("林小满").first.click()
    await write(lin, "空气炸锅少了个烤架,补我60块")
    await hears(lin, "照片")
    await write(lin, "没有照片")
    await lin.get_by_role("button", name="确认提交").click()
    await hears(lin, "申请已提交")
    await write(lin, "转人工")
    await hears(lin, "已经为您转接人工客服")
    emma = await browser.open(f"{address}/", locale="en-GB", timezone_id=ZONE)
    await emma.get_by_text("Emma Clarke").first.click()
    await write(emma, "talk to a human please")
    await hears(emma, "passed you on to a colleague")
    return lin


async def _colleague(browser: Pages, owner: Page) -> Page:
    """Mia, who was just invited and likes it dark."""
    await owner.get_by_role("link", name="成员").click()
    await owner.get_by_label("名字（买家会看到）").fill("Mia")
    await owner.get_by_label("登录名").fill("mia")
    await owner.get_by_role("button", name="添加并邀请").click()
    link = await owner.locator("code.copy").text_content() or ""
    mia = await browser.open(
        link, width=1280, height=800, locale="en-GB", color_scheme="dark", timezone_id=ZONE
    )
    await mia.locator("input[type=password]").fill(PASSWORD)
    await mia.locator("form button").click()
    await expect(mia.locator("#list")).to_be_visible()
    return mia


async def _shot(page: Page, path: Path) -> None:
    await page.wait_for_timeout(600)
    await page.screenshot(path=path)
