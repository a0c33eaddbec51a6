"""No page of the desk, and nothing that opens over it, puts up a barrier that axe-core knows of (WCAG 2.2, A and AA)."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.domain.conversation import DraftReply, Holder
from bot.domain.messages import Attachment, Medium, Speaker
from bot.domain.watch import Watch
from bot.pipeline.looks import Past, Waiting
from tests.channels.web.chromium import pages
from tests.channels.web.house import SAMPLES, House, ago, words
from tests.desk.samples import REFUND, case, flagged
from tests.desk.test_desk_answering import BROKEN, GREETING, shop
from tests.desk.test_desk_in_chromium import at_desk, carry_out
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.passwords import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE, AXE_AGAIN = Axe(), Axe(axe_script="")
"""The second for a page that has it already: to send and read it takes as long as a look around."""
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


async def barriers(page: Page) -> list[str]:
    """What axe-core finds, each with what it is about."""
    axe = AXE_AGAIN if await page.evaluate("'axe' in window") else AXE
    found = await axe.run(page, options=RULES)
    return [
        f"{wrong['id']}: {node['html'][:160]} {node['failureSummary']}"
        for wrong in found.response["violations"]
        for node in wrong["nodes"]
    ]


def busy(house: House) -> int:
    """A conversation with something of everything in it."""
    conversation = flagged(house)
    house.files.kept["file:aa"] = TINY_PICTURE
    picture = Attachment(Medium.PHOTO, "file:aa", "box.png", 9)
    house.say(conversation, Speaker.BUYER, "卫衣起球了 我要退款", meaning=REFUND, attachments=(picture,))
    house.say(conversation, Speaker.SYSTEM, "<b>小禾</b> 已接手 <code>/release</code>")
    house.say(conversation, Speaker.NOTE, "老客户", name="小周")
    house.say(conversation, Speaker.BOT, "请选", buttons=(("退款", "|start|refund"),), delivery="failed")
    house.say(conversation, Speaker.AGENT, '您好，见<a href="https://a.example">说明</a>', name="小禾")
    house.say(conversation, Speaker.BUYER, "", attachments=(Attachment(Medium.DOCUMENT, "file:bb", "a.pdf"),))
    other = house.store.conversation_at("telegram", "5", ago(minutes=9), "Jonas")
    house.say(other.id, Speaker.BUYER, "hello")
    house.store.pasts[conversation] = Past((Waiting(other, "谢谢", ago(days=8)),), {"R7": 4})
    watch = Watch(waits_since=ago(minutes=40), answer_by=ago(minutes=10))
    draft = DraftReply("7", "您的包裹在路上")
    house.store.change(conversation, holder=Holder.AGENT, agent="小禾", watch=watch, draft=draft)
    return conversation


class Walk:
    """A walk through all of the desk, with a look around at each stop."""

    def __init__(self, page: Page, house: House, language: str, *, narrow: bool) -> None:
        self.page = page
        self.house = house
        self.said = words(language, "page")
        self.narrow = narrow
        self.found: dict[str, list[str]] = {}

    async def look(self, where: str) -> None:
        if found := await barriers(self.page):
            self.found[where] = found

    async def to_an_empty_desk(self) -> None:
        await self.look("the door")
        await self.page.get_by_label(self.said["sign_in_login"]).fill("xiaohe")
        await self.page.get_by_label(self.said["sign_in_password"]).fill(PASSWORD)
        await self.page.get_by_role("button", name=self.said["sign_in"]).click()
        await expect(self.page.locator("#none")).to_be_visible()
        await self.look("nobody here")

    async def to_a_conversation(self) -> int:
        conversation = busy(self.house)
        await expect(self.page.locator("#list .row")).to_have_count(2)
        await self.page.locator(".narrow summary").click()
        await self.look("the list")
        await self.page.locator("#list .row").filter(has_text="小林").click()
        await expect(self.page.locator("#draft")).to_be_visible()
        await expect(self.page.locator("#log .bubble")).to_have_count(7)
        await self.page.locator("#log summary").click()
        await self.look("a conversation")
        await self.page.locator("#mode-note").check()
        await self.page.locator("#text").fill("待确认")
        await self.look("a note")
        await self.page.locator("#mode-say").check()
        return conversation

    async def beside_it(self) -> None:
        if self.narrow:
            await self.page.get_by_role("button", name=self.said["details"]).click()
            await self.look("details")
        await self.page.locator("[data-act=refuse]").click()
        await self.look("an act")
        await self.page.keyboard.press("Escape")
        await self.page.locator("#panel a.photo").first.click()
        await self.look("a picture")
        await self.page.keyboard.press("Escape")
        if self.narrow:
            await self.page.locator(".panel-pane [data-to=talk]").click()

    async def through_the_dialogs(self) -> None:
        for dialog in ("keys", "prefs"):
            await self.page.evaluate(f"document.getElementById('{dialog}').showModal()")
            await self.look(dialog)
            await self.page.keyboard.press("Escape")
        await self.page.locator("#find").click()
        await self.page.locator("#palette-words").fill("您好")
        await expect(self.page.locator("#palette [role=option]").first).to_be_visible()
        await self.look("searching")
        await self.page.keyboard.press("Escape")
        await self.page.locator("#macro").click()
        await expect(self.page.locator("#macros-text")).not_to_be_empty()
        await self.look("macros")
        await self.page.keyboard.press("Escape")

    async def to_an_answer_held_back(self, conversation: int) -> None:
        self.house.say(conversation, Speaker.BUYER, "等等")
        await expect(self.page.locator("#log .bubble")).to_have_count(8)
        await self.page.locator("#text").press("Enter")
        await expect(self.page.locator("#meanwhile")).to_be_visible()
        await self.look("an answer held back")


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
async def test_no_page_and_no_dialog_of_the_desk_puts_up_a_barrier(
    browser_process: Browser, width: int, scheme: Literal["light", "dark"], language: str
) -> None:
    house = House(answer=carry_out, contents=shop(hello=GREETING, broken=BROKEN))
    async with house.open(), pages(browser_process) as browser:
        options: dict[str, Any] = {"locale": {"zh": "zh-CN", "en": "en-GB"}[language]}
        page = await browser.open(f"{house.url}/desk", width=width, color_scheme=scheme, **options)
        walk = Walk(page, house, language, narrow=width < 700)
        await walk.to_an_empty_desk()
        conversation = await walk.to_a_conversation()
        await walk.beside_it()
        await walk.through_the_dialogs()
        await walk.to_an_answer_held_back(conversation)
        assert walk.found == {}, walk.found
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_no_page_of_the_buyers_does_either(browser_process: Browser) -> None:
    async with House().open(samples=SAMPLES) as house, pages(browser_process) as browser:
        page = await browser.open(house.url, color_scheme="dark")
        looked = [await barriers(page)]
        await page.locator("[data-who=lin]").click()
        await expect(page.locator("#composer")).to_be_visible()
        conversation = max(house.store.conversations)
        house.say(conversation, Speaker.BUYER, "我要退款")
        house.say(
            conversation, Speaker.BOT, "<b>请选</b> <code>R7</code>", buttons=(("退款", "|start|refund"),)
        )
        house.say(conversation, Speaker.AGENT, "您好", name="小禾")
        await expect(page.locator("#log .bubble")).to_have_count(3)
        looked += [await barriers(page), await barriers(await browser.open(f"{house.url}/nowhere"))]
        assert looked == [[], [], []]


async def test_an_agent_needs_no_mouse_from_signing_in_to_giving_back(browser_process: Browser) -> None:
    """Only keys: claim, answer, decide the case, give back."""
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await browser.open(f"{house.url}/desk", width=1280)
        for typed in ("xiaohe", PASSWORD):
            await page.keyboard.press("Tab")
            await page.keyboard.type(typed)
        await page.keyboard.press("Enter")
        await expect(page.locator("#list .row")).to_have_count(1)
        await page.keyboard.press("j")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.press("a")
        await expect(page.locator("#held")).to_have_text("小禾 接待中")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("您好，我来处理 jkran?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".from-agent .bubble")).to_have_text("您好，我来处理 jkran?")
        await page.keyboard.press("Escape")
        await page.keyboard.press("s")
        first = page.locator("#panel [data-act]").first
        await expect(first).to_be_focused()
        while await page.evaluate("document.activeElement.dataset.act") != "refuse":
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.keyboard.type("照片看不清")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#ask")).to_be_hidden()
        await page.keyboard.press("Control+k")
        await page.keyboard.type("交还机器人")
        await expect(page.locator("#palette [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(page.locator("#held")).to_have_text("机器人接待中")
        acts = [arrival.payload["act"] for arrival in house.arrivals]
        assert acts == ["claim", "say", "refuse", "release"]


async def test_who_wants_no_motion_gets_none(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await at_desk(browser, house, reduced_motion="reduce")
        await page.locator("#list .row").first.click()
        await expect(page.locator("#log .bubble")).to_have_count(2)
        moving = "[...document.querySelectorAll('*')].filter((one) => { const s = getComputedStyle(one);"
        moving += " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0; }).length"
        assert await page.evaluate(moving) == 0


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
async def test_no_page_about_accounts_and_disputes_puts_up_a_barrier(
    browser_process: Browser, width: int, scheme: Literal["light", "dark"], language: str
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        house.store.their_cases[conversation] = [case(locked=True)]
        options: dict[str, Any] = {
            "locale": {"zh": "zh-CN", "en": "en-GB"}[language],
            "is_mobile": width < 700,
        }
        for login, places in (("boss", ("people", "audit", "account")), ("judge", ("disputes",))):
            page = await browser.open(f"{house.url}/desk", width=width, color_scheme=scheme, **options)
            walk = Walk(page, house, language, narrow=width < 700)
            await page.get_by_label(walk.said["sign_in_login"]).fill(login)
            await page.get_by_label(walk.said["sign_in_password"]).fill(PASSWORD)
            await page.get_by_role("button", name=walk.said["sign_in"]).click()
            if walk.narrow:
                await page.get_by_role("button", name=walk.said["menu"]).click()
                await walk.look("the menu")
            await expect(page.get_by_role("button", name=walk.said["sign_out"])).to_be_in_viewport(ratio=1)
            for place in places:
                await page.goto(f"{house.url}/desk/{place}")
                await walk.look(place)
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, place
            if login == "boss":
                await page.goto(f"{house.url}/desk/people")
                await page.get_by_role("button", name=walk.said["invite_again"]).first.click()
                await page.goto(await page.locator("code.copy").inner_text())
                await walk.look("welcome")
            assert walk.found == {}, walk.found
