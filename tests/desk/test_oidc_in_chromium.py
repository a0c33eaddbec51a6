"""Signing in at an OIDC provider in a real browser: another site, its redirects, our cookies and our policy."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.channels.web.chromium import pages
from tests.desk.test_oidc import served
from tests.doubles.oidc import Account

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_click_leads_there_and_back_to_the_desk_or_to_what_to_ask_for(
    browser_process: Browser,
) -> None:
    async with served(name="飞书") as (house, idp), pages(browser_process) as browser:
        idp.person, mia = Account("2", "eve@shop.example"), idp.person
        page = await browser.open(f"{house.url}/desk", width=390)
        await page.get_by_role("link", name="用飞书登录").click()
        await expect(page.get_by_role("alert")).to_contain_text("eve@shop.example 在这里还没有账号")
        idp.person = mia
        await page.get_by_role("link", name="用飞书登录").click()
        await page.get_by_role("button", name="菜单").click()
        await expect(page.get_by_role("link", name="Mia")).to_be_visible()
        assert idp.violations == []
