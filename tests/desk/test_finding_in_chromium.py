"""Finding one's way at the desk in a real browser: filters, search, keys, being told that somebody waits."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from bot.desk import reader
from bot.domain.conversation import Flag, FlagReason, Holder, Priority
from bot.domain.messages import AgentAct, Speaker
from bot.domain.watch import Watch
from tests.channels.web.chromium import pages
from tests.channels.web.house import House, ago
from tests.desk.samples import flagged
from tests.desk.test_desk_in_chromium import at_desk, carry_out, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


def queue(house: House) -> None:
    """小林 waits; Jonas is 小禾's, and late; Ola is 小周's; 阿明 talks with the bot."""
    flagged(house)
    for address, name, language, more in (
        ("5", "Jonas", "en", {"holder": Holder.AGENT, "agent": "小禾"}),
        ("6", "Ola", "en", {"holder": Holder.AGENT, "agent": "小周"}),
        ("7", "阿明", "zh", {}),
    ):
        conversation = house.store.conversation_at("telegram", address, ago(minutes=9), name).id
        house.store.change(conversation, language=language, **more)
        house.say(conversation, Speaker.BUYER, f"hello from {name}")
    late = Watch(waits_since=ago(minutes=40), warn_at=ago(minutes=5), answer_by=ago(minutes=-5))
    mark = Flag(FlagReason.TWO_MISSES, Priority.NORMAL, ago(minutes=40), "hello")
    house.store.change(2, watch=late, flag=mark)
    house.store.their_cases[1] = []


async def names(page: Page, *wanted: str) -> None:
    await expect(page.locator("#list .row strong")).to_have_text(list(wanted))


async def test_the_list_is_narrowed_down_counted_and_so_again_after_a_reload(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        queue(house)
        page = await at_desk(browser, house)
        await expect(page.locator(".view")).to_have_text(["全部 4", "我的 1", "待接 1", "快超时 1"])
        for view, wanted in (("待接", "小林"), ("我的", "Jonas"), ("快超时", "Jonas")):
            await page.get_by_role("button", name=view).click()
            await names(page, wanted)
        await expect(page.locator("#list .badge.urgent")).to_have_text("该回复了")
        await page.get_by_role("button", name="全部").click()
        await page.locator(".narrow summary").click()
        await page.get_by_label("买家语言").select_option("en")
        await names(page, "Jonas", "Ola")
        await page.get_by_label("转人工原因").select_option(label="连续两次没听懂 (1)")
        await names(page, "Jonas")
        await expect(page.locator("#narrowed")).to_have_text(" · 2")
        await page.reload()
        await names(page, "Jonas")
        house.store.change(2, flag=None)
        house.hub.publish(2)
        await expect(page.locator("#none")).to_have_text("没有符合的对话")
        await page.locator(".narrow summary").click()
        await page.get_by_role("button", name="清除筛选").click()
        await expect(page.locator("#list .row")).to_have_count(4)


async def test_a_click_in_the_list_is_heard_although_the_list_changes_under_it(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        queue(house)
        page = await at_desk(browser, house)
        row = page.locator("#list .row").filter(has_text="小林")
        await row.hover()
        await page.mouse.down()
        house.say(1, Speaker.BUYER, "还在吗")
        house.say(3, Speaker.BUYER, "still there?")
        await expect(row).to_contain_text("还在吗")
        await expect(page.locator("#list .row").filter(has_text="still there?")).to_be_visible()
        await page.mouse.up()
        await expect(page.locator("#who")).to_have_text("小林")


async def test_everything_is_found_and_done_from_one_box(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        queue(house)
        page = await at_desk(browser, house)
        await names(page, "小林", "Jonas", "Ola", "阿明")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("from Ola")
        found = page.locator("#palette [role=option]")
        await expect(found).to_have_text(["Ola · hello from OlaTelegram · " + await _when(page)])
        await page.keyboard.press("Enter")
        await expect(page.locator("#who")).to_have_text("Ola")
        for button, act, words in (("更多…", "放一放", "2h"), ("更多…", "转给同事", "")):
            await page.get_by_role("button", name=button).click()
            await page.keyboard.type(act)
            await expect(page.locator("#palette [role=option]")).to_have_count(1)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("dialog", name=act).locator("#ask-about")).to_have_text("Ola")
            await page.locator("#ask-text").fill(words)
            await page.locator("#ask-do").click()
            await expect(page.locator("#ask")).to_be_hidden()
        acts = [reader.read(arrival.payload).act for arrival in house.arrivals]
        assert acts == [AgentAct("snooze", "小禾", text="2h"), AgentAct("transfer", "小禾")]
        await page.keyboard.press("Control+k")
        await page.keyboard.type("nobody at all")
        await expect(page.locator("#palette-none")).to_have_text("没有找到")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.locator("#palette")).to_be_hidden()
        await page.locator("#find").click()
        await page.keyboard.type("小林")
        await page.keyboard.press("Escape")
        await expect(page.locator("#palette")).to_be_hidden()
        await expect(page.locator("#find")).to_be_focused()


async def _when(page: Page) -> str:
    await expect(page.locator("#palette [role=option]")).to_have_count(1)
    told = await page.locator("#palette [role=option] .soft").text_content()
    return (told or "").removeprefix("Telegram · ")


async def test_single_keys_work_only_where_nobody_types_and_can_be_switched_off(
    browser_process: Browser,
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        queue(house)
        page = await at_desk(browser, house)
        await names(page, "小林", "Jonas", "Ola", "阿明")
        who = page.locator("#who")
        for key, name in (("j", "小林"), ("j", "Jonas"), ("k", "小林")):
            await page.keyboard.press(key)
            await expect(who).to_have_text(name)
            await expect(page.locator("#text")).to_be_focused()
            await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await expect(page.get_by_label("写备注")).to_be_checked()
        await page.keyboard.type("jkran?")
        await expect(page.locator("#text")).to_have_value("jkran?")
        await page.keyboard.press("Escape")
        await page.keyboard.press("r")
        await expect(page.get_by_label("回复买家", exact=True)).to_be_checked()
        await page.keyboard.press("Escape")
        await page.keyboard.press("m")
        await expect(page.locator("#macros")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#macros")).to_be_hidden()
        composing = (
            "dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))"
        )
        await page.evaluate(composing)
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
        await page.keyboard.press("j")
        await page.keyboard.press("Escape")
        await expect(who).to_have_text("小林")
        await page.get_by_role("button", name="设置").click()
        await page.get_by_label("使用键盘快捷键").uncheck()
        await page.keyboard.press("Escape")
        await page.reload()
        await names(page, "小林", "Jonas", "Ola", "阿明")
        await page.locator("#scroll").focus()
        for key in ("j", "?", "Control+k"):
            await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_have_count(0)
        await expect(who).to_have_text("小林")
        assert house.arrivals == []


HEARD = """
window.rung = 0; window.told = []; window.asked = 0;
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.rung += 1; return begin.call(this, at); };
window.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() { window.asked += 1; return (Notification.permission = "granted"); }
  constructor(title, { body }) { super(); window.told.push(`${title}: ${body}`); }
  close() {}
};
Object.defineProperty(document, "hidden", { get: () => window.away ?? false });
"""


async def test_who_looks_elsewhere_is_told_that_somebody_waits_as_they_wish(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        page = await browser.open("about:blank", width=1280)
        await page.add_init_script(HEARD)
        await page.goto(f"{house.url}/desk")
        await signed_in(page)
        await expect(page.locator("#none")).to_be_visible()
        assert await page.evaluate("window.asked") == 0
        await page.get_by_role("button", name="设置").click()
        await page.get_by_label("弹出系统通知").check()
        await page.keyboard.press("Escape")
        assert await page.evaluate("window.asked") == 1
        await page.evaluate("window.away = true")
        conversation = flagged(house)
        await expect(page.locator("#list .row")).to_have_count(1)
        assert await page.evaluate("[window.rung, window.told]") == [2, ["小林: 买家要求人工"]]
        await page.get_by_role("button", name="设置").click()
        await page.get_by_label("有人等时响一声").uncheck()
        await page.get_by_label("弹出系统通知").uncheck()
        await page.keyboard.press("Escape")
        house.store.change(conversation, holder=Holder.AGENT, agent="小禾")
        house.hub.publish(conversation)
        await expect(page.locator("#list .badge.agent")).to_be_visible()
        house.store.change(conversation, watch=Watch(waits_since=ago(minutes=1)))
        house.say(conversation, Speaker.BUYER, "在吗")
        await expect(page.locator("#list .row-last")).to_have_text("在吗")
        assert await page.evaluate("[window.rung, window.told.length]") == [2, 1]
