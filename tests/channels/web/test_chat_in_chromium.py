"""The chat page in a real browser, against a house that answers at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from bot.channels.web import reader
from bot.channels.web.bucket import Rate
from bot.channels.web.chat import Limits
from bot.domain.conversation import Holder
from bot.domain.messages import Speaker
from bot.pipeline.arrivals import Arrival
from tests.channels.web.browser import PDF, PNG
from tests.channels.web.chromium import pages
from tests.channels.web.house import SAMPLES, House

pytestmark = pytest.mark.asyncio(loop_scope="session")
WHY = (("质量问题", "7|reason|quality"), ("不想要了", "7|reason|changed_mind"))


def answer(house: House, arrival: Arrival) -> None:
    """The buyer's line, then the bot's: asks why, thanks for the answer."""
    incoming, conversation = reader.read(arrival.payload), house.of(arrival)
    house.say(conversation, Speaker.BUYER, incoming.text, attachments=incoming.attachments)
    if incoming.choice:
        house.say(conversation, Speaker.BOT, "<b>谢谢</b>")
    else:
        house.say(conversation, Speaker.BOT, "请问原因？", buttons=WHY)


async def write(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def test_lines_are_timed_as_the_shop_tells_times(browser_process: Browser) -> None:
    async with House().open(timezone="Asia/Shanghai") as house, pages(browser_process) as browser:
        page = await browser.open(house.url, timezone_id="America/New_York")
        await expect(page.locator("#status")).to_have_attribute("data-holder", "bot")
        [conversation] = house.store.conversations
        house.say(conversation, Speaker.BOT, "回到店里了", at=datetime(2026, 11, 2, 15, 21, tzinfo=UTC))
        await expect(page.locator(".from-bot .meta time")).to_have_text("23:21")


async def test_a_buyer_says_something_and_taps_an_answer(browser_process: Browser) -> None:
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await expect(page.locator("#status")).to_have_attribute("data-holder", "bot")
        await expect(page.locator("#welcome")).to_be_visible()
        await write(page, "我要退款")
        await page.get_by_role("button", name="质量问题").click()
        await expect(page.locator(".from-bot b")).to_have_text("谢谢")
        await expect(page.get_by_role("button", name="不想要了")).to_be_disabled()
        await expect(page.locator(".choice.chosen")).to_have_text("质量问题")
        await expect(page.locator(".mine .bubble")).to_have_text(["我要退款", "质量问题"])
        await expect(page.locator(".mark")).to_have_count(1)
        await expect(page.locator(".typing")).to_have_count(0)
        await expect(page.locator("#welcome")).to_be_hidden()
        conversation = house.of(house.arrivals[-1])
        said = house.say(conversation, Speaker.AGENT, "不关我们的事", name="小周")
        await expect(page.get_by_text("不关我们的事")).to_be_visible()
        house.take_back(conversation, said.id)
        await expect(page.get_by_text("不关我们的事")).to_have_count(0)
        await page.reload()
        await expect(page.locator(".mine .bubble")).to_have_text(["我要退款", "质量问题"])
        await expect(page.locator(".choice.chosen")).to_have_text("质量问题")
        await expect(page.get_by_text("不关我们的事")).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_the_shops_name_and_who_answers_are_read_whole_on_any_phone(
    browser_process: Browser, locale: str
) -> None:
    async with (
        House().open(samples=SAMPLES, shop="Shouhou Demo Shop") as house,
        pages(browser_process) as browser,
    ):
        page = await browser.open(house.url, locale=locale)
        await page.get_by_text("Emma").first.click()
        await expect(page.locator("#status")).to_have_attribute("data-holder", "bot")
        hidden = "box => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]"
        for width in (320, 360, 420, 480, 600):
            await page.set_viewport_size({"width": width, "height": 780})
            for words in ("h1", "#status"):
                assert await page.locator(words).evaluate(hidden) == [0, 0], (width, words)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_nothing_can_be_written_before_the_page_would_send_it(browser_process: Browser) -> None:
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        asked, let = asyncio.Event(), asyncio.Event()

        async def late(route: Route) -> None:
            asked.set()
            await let.wait()
            await route.continue_()

        await page.route("**/chat.js", late)
        await page.reload(wait_until="commit")
        await asked.wait()
        await expect(page.locator("#text")).not_to_be_editable()
        let.set()
        await write(page, "我要退款")
        await expect(page.locator(".mine .bubble")).to_have_text(["我要退款"])


async def test_what_people_write_is_never_run(browser_process: Browser) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await write(page, evil)
        await expect(page.locator(".mine .bubble")).to_have_text(evil)
        house.say(
            1, Speaker.BOT, f'{evil}<a href="javascript:alert(1)">x</a> <a href="https://a.example/">y</a>'
        )
        await expect(page.locator(".from-bot a")).to_have_count(1)
        assert await page.locator(".bubble img, .bubble script").count() == 0
        assert await page.title() != "owned"


async def test_dots_while_an_answer_is_awaited_and_none_while_a_person_has_it(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await write(page, "你好")
        await expect(page.locator(".typing")).to_be_visible()
        await expect(page.locator(".mine .tick")).to_have_text("已送达")
        house.say(1, Speaker.BUYER, "你好")
        house.store.change(1, holder=Holder.AGENT, agent="小禾")
        house.say(1, Speaker.AGENT, "您好，我是小禾", name="小禾")
        await expect(page.locator(".typing")).to_have_count(0)
        await expect(page.locator("#status")).to_contain_text("小禾")
        await write(page, "在吗")
        await expect(page.locator(".mine")).to_have_count(2)
        await expect(page.locator(".typing")).to_have_count(0)


async def test_the_way_back_to_the_bot_stays_open_while_a_person_is_waited_for(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        back, other = (page.get_by_role("button", name=name) for name in ("继续自助", "退款"))
        await write(page, "转人工")
        await expect(page.locator(".mine .tick")).to_have_text("已送达")
        house.store.change(1, holder=Holder.QUEUED)
        house.say(1, Speaker.BUYER, "转人工")
        house.say(1, Speaker.BOT, "请稍等", buttons=(("退款", "|start|refund"), ("继续自助", "|start|bot")))
        await expect(back).to_be_enabled()
        await write(page, "在吗")
        await expect(other).to_be_disabled()
        await expect(back).to_be_enabled()
        house.say(1, Speaker.BUYER, "在吗")
        house.store.change(1, holder=Holder.AGENT, agent="小禾")
        house.hub.publish(1)
        await expect(page.locator("#status")).to_have_attribute("data-holder", "agent")
        await expect(back).to_be_disabled()  # it would do nothing now
        await page.reload()
        await expect(page.locator("#status")).to_have_attribute("data-holder", "agent")
        await expect(back).to_be_disabled()
        house.store.change(1, holder=Holder.QUEUED, agent="")
        await page.reload()
        await expect(other).to_be_disabled()
        await expect(back).to_be_enabled()
        await back.click()
        await expect(back).to_be_disabled()
        house.store.change(1, holder=Holder.BOT)
        house.say(1, Speaker.BUYER, "继续自助")
        await expect(page.locator("#status")).to_have_attribute("data-holder", "bot")
        await expect(back).to_be_disabled()
        await expect(page.locator(".choice.chosen")).to_have_text("继续自助")


async def test_enter_in_an_input_method_sends_nothing_and_shift_enter_makes_a_line(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await page.locator("#text").fill("tuikuan")
        await page.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        await page.locator("#text").press("Shift+Enter")
        assert house.arrivals == []
        await page.locator("#text").press("Enter")
        await expect(page.locator("#text")).to_have_value("")


async def test_pictures_are_previewed_sent_and_shown(browser_process: Browser) -> None:
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await page.locator("#file").set_input_files(
            [
                FilePayload(name="a.png", mimeType="image/png", buffer=PNG),
                FilePayload(name="b.png", mimeType="image/png", buffer=PNG),
                FilePayload(name="c.exe", mimeType="application/x-msdownload", buffer=b"MZ"),
                FilePayload(name="d.pdf", mimeType="application/pdf", buffer=PDF),
            ]
        )
        await expect(page.locator("#trouble")).to_be_visible()
        await expect(page.locator("#previews li")).to_have_count(3)
        await page.get_by_role("button", name="移除 b.png").click()
        await write(page, "收到时是坏的")
        await expect(page.locator(".from-bot")).to_have_count(1)
        source = await page.locator(".mine .photo img").get_attribute("src")
        assert source
        assert source.startswith("/chat/files/")
        await expect(page.locator(".mine .file")).to_contain_text("d.pdf")
        assert len(reader.read(house.arrivals[0].payload).attachments) == 2


async def test_what_could_not_be_sent_says_so_and_is_sent_again_once(browser_process: Browser) -> None:
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await expect(page.locator("#status")).to_have_attribute("data-holder", "bot")
        await page.route("**/chat/messages", lambda route: route.abort())
        await write(page, "在吗")
        await expect(page.locator(".mine.failed .tick")).to_contain_text("没有发出去")
        await page.unroute("**/chat/messages")
        await page.get_by_role("button", name="重新发送").click()
        await expect(page.locator(".from-bot")).to_have_count(1)
        await expect(page.locator(".mine")).to_have_count(1)
        assert len(house.arrivals) == 1


async def test_quick_messages_stay_in_order_and_a_limit_only_delays(browser_process: Browser) -> None:
    limits = Limits(messages=Rate(burst=3, per_second=2))
    async with House(answer=answer).open(limits=limits) as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        for number in range(5):
            await write(page, f"第{number}句")
        await expect(page.locator(".mine:not(.failed) .bubble")).to_have_count(5, timeout=15000)
        await expect(page.locator(".from-bot")).to_have_count(5, timeout=15000)
        heard = [arrival.payload["text"] for arrival in house.arrivals]
        assert heard == [f"第{number}句" for number in range(5)]


async def test_the_page_reads_on_after_the_connection_was_lost(browser_process: Browser) -> None:
    async with House(answer=answer).open() as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await write(page, "你好")
        await expect(page.locator(".from-bot")).to_have_count(1)
        await page.context.set_offline(True)
        house.hub.close()
        await expect(page.locator("#notice")).to_be_visible()
        house.hub._closed = False
        house.store.say(1, Speaker.BOT, "您还在吗")
        await page.context.set_offline(False)
        await expect(page.locator(".from-bot")).to_have_count(2, timeout=15000)
        await expect(page.locator("#notice")).to_be_hidden()


async def test_one_chooses_who_to_be_and_the_language(browser_process: Browser) -> None:
    async with House(answer=answer).open(samples=SAMPLES) as house, pages(browser_process) as browser:
        page = await browser.open(house.url, width=360)
        await expect(page.locator("#composer")).to_be_hidden()
        await page.get_by_role("button", name="Emma").click()
        await expect(page.locator("#composer")).to_be_visible()
        await page.get_by_role("link", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await page.get_by_role("button", name="I want a refund").click()
        await expect(page.locator(".from-bot")).to_have_count(1)
        await page.get_by_role("link", name="简体中文").click()
        await expect(page.locator("html")).to_have_attribute("lang", "zh")
        choice = reader.read(house.arrivals[-1].payload).choice
        assert choice is not None
        assert choice.value == "language to=zh"


async def test_nothing_is_wider_than_the_screen(browser_process: Browser) -> None:
    async with House(answer=answer).open(samples=SAMPLES) as house, pages(browser_process) as browser:
        page = await browser.open(house.url)
        await page.get_by_role("button", name="小林").click()
        await write(page, "长" * 300 + "W" * 300)
        await expect(page.locator(".from-bot")).to_have_count(1)
        for width in (360, 768, 1280):
            await page.set_viewport_size({"width": width, "height": 780})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= width
