"""The desk in a real browser."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.desk import reader
from bot.domain.cases import Kind, State
from bot.domain.conversation import DraftReply, Holder
from bot.domain.explanation import Explanation
from bot.domain.files import Filed, FileState
from bot.domain.meaning import Candidate, Sureness
from bot.domain.messages import Attachment, Medium, Speaker
from bot.domain.watch import Watch
from bot.pipeline.arrivals import Arrival
from tests.channels.web.chromium import Pages, pages
from tests.channels.web.house import House, ago
from tests.desk.samples import REFUND, case, flagged, order
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.passwords import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


def carry_out(house: House, arrival: Arrival) -> None:
    """What the worker makes of an act, as far as the page can tell."""
    done, conversation = reader.read(arrival.payload).act, house.of(arrival)
    assert done is not None
    if done.act in ("claim", "say"):
        house.store.change(conversation, holder=Holder.AGENT, agent=done.agent)
    if done.act == "say":
        house.say(conversation, Speaker.AGENT, done.text, name=done.agent, delivery="sent")
    if done.act == "refuse":
        house.store.their_cases[conversation] = [case(State.SELLER_REFUSE_BUYER, version=2)]
        house.say(conversation, Speaker.SYSTEM, f"拒绝了 {done.case}：{done.text}")
    if done.act in ("release", "close"):
        house.store.change(conversation, holder=Holder.BOT, agent="", flag=None)
    house.hub.publish(conversation)


async def signed_in(page: Page) -> None:
    await page.get_by_label("登录名").fill("xiaohe")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def at_desk(browser: Pages, house: House, **options: Any) -> Page:
    """小禾's page, who signed in before."""
    page = await browser.open("about:blank", **{"width": 1280, **options})
    who: dict[str, str | float | bool] = {"login": "xiaohe", "password": PASSWORD}
    await page.request.post(f"{house.url}/desk/sign-in", form=who, max_redirects=0)
    await page.goto(f"{house.url}/desk")
    return page


@pytest.mark.parametrize("width", [1280, 390])
async def test_an_agent_takes_over_refuses_answers_and_gives_back(
    browser_process: Browser, width: int
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        page = await browser.open(f"{house.url}/desk", width=width)
        await signed_in(page)
        row = page.locator("#list .row").first
        await expect(row.locator(".badge.urgent")).to_have_text("买家要求人工")
        await row.click()
        await expect(page.locator("#who")).to_have_text("小林")
        await page.get_by_role("button", name="接手").click()
        await expect(page.locator("#held")).to_have_text("小禾 接待中")
        if width < 700:
            await page.get_by_role("button", name="详情").click()
        await page.get_by_role("button", name="拒绝申请").click()
        await page.locator("#ask-do").click()
        await expect(page.locator("#ask")).to_be_visible()  # a reason is missing
        await page.locator("#ask-text").fill("照片看不清")
        await page.locator("#ask-do").click()
        await expect(page.locator(".line.system .bubble")).to_contain_text("照片看不清")
        await expect(page.locator("[data-act=refuse]")).to_have_count(0)
        await page.locator("#text").fill("您好，请再拍一张")
        await page.locator("#text").press("Enter")
        await expect(page.locator(".from-agent .bubble")).to_have_text("您好，请再拍一张")
        await page.get_by_role("button", name="交还机器人").click()
        await expect(page.locator("#held")).to_have_text("机器人接待中")
        acts = [reader.read(arrival.payload).act for arrival in house.arrivals]
        assert [(act.act, act.version) for act in acts if act] == [
            ("claim", 0),
            ("refuse", 1),
            ("say", 0),
            ("release", 0),
        ]
        assert {arrival.conversation_id for arrival in house.arrivals} == {conversation}
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_who_agrees_to_a_return_reads_that_money_leaves_and_nothing_comes_back(
    browser_process: Browser, language: str
) -> None:
    first, second, told = {
        "zh": ("同意，先退回", "同意，不用退回", "马上安排给买家退款，商品不用退回"),
        "en": (
            "Approve, goods come back first",
            "Approve, nothing comes back",
            "refund to the buyer is ordered at once, and nothing has to be sent back",
        ),
    }[language]
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await at_desk(browser, house)
        await page.goto(f"{house.url}/desk?language={language}")
        await page.locator("#list .row").first.click()
        offered = page.locator("#panel [data-act]")
        await expect(offered.nth(0)).to_have_text(first)
        await expect(offered.nth(1)).to_have_text(second)
        await expect(offered.nth(1)).not_to_have_class("act strong")
        await offered.nth(1).click()
        dialog = page.get_by_role("dialog", name=second)
        await expect(dialog).to_contain_text(told)
        await dialog.get_by_role("button", name=second).click()
        await expect(dialog).to_be_hidden()
        [act] = [reader.read(arrival.payload).act for arrival in house.arrivals]
        assert act is not None
        assert (act.act, act.case) == ("agree", "R7")


@pytest.mark.parametrize("width", [1300, 1024, 390])
async def test_nothing_beside_the_conversation_runs_off_the_page_in_english(
    browser_process: Browser, width: int
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        other = house.store.conversation_at("web", "buyer-2", ago(minutes=5), "小林").id
        house.store.their_cases[conversation].append(case(number="R8", conversation_id=other))
        page = await at_desk(browser, house, width=width)
        await page.goto(f"{house.url}/desk?language=en")
        await page.locator("#list .row").filter(has_text="小林").last.click()
        if width < 700:
            await page.get_by_role("button", name="Details").click()
        link = page.get_by_role("link", name="Belongs to the buyer's other conversation")
        await expect(link).to_be_visible()
        pane = page.locator(".panel-pane")
        assert await pane.evaluate("pane => pane.scrollWidth <= pane.clientWidth")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_giving_back_while_the_buyers_last_words_are_unanswered_is_asked_about_once(
    browser_process: Browser,
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        waits = Watch(waits_since=ago(minutes=5), answer_by=ago(minutes=-25))
        house.store.change(conversation, holder=Holder.AGENT, agent="小禾", watch=waits)
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        give_back = page.locator("#release")
        await give_back.click()
        dialog = page.get_by_role("dialog", name="交还机器人")
        await expect(dialog).to_contain_text("买家最后说的话还没有人回复")
        await expect(page.locator("#ask-does")).to_be_hidden()
        await page.keyboard.press("Escape")
        assert house.arrivals == []
        await give_back.click()
        await dialog.get_by_role("button", name="交还机器人").click()
        await expect(page.locator("#held")).to_have_text("机器人接待中")
        house.store.change(conversation, holder=Holder.AGENT, agent="小禾", watch=Watch())
        house.hub.publish(conversation)
        await expect(page.locator("#held")).to_have_text("小禾 接待中")
        await give_back.click()
        await expect(page.locator("#held")).to_have_text("机器人接待中")
        acts = [reader.read(arrival.payload).act for arrival in house.arrivals]
        assert [act.act for act in acts if act] == ["release", "release"]


async def test_an_order_that_is_not_paid_is_not_said_to_wait_for_its_parcel(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        unsent = replace(order(), number="N1", parcels=())
        house.store.orders[conversation] = [unsent, replace(unsent, number="N2", paid_at=None)]
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        await expect(page.get_by_role("article", name="N1")).to_contain_text("还没有发货")
        unpaid = page.get_by_role("article", name="N2")
        await expect(unpaid).to_contain_text("还没有付款")
        await expect(unpaid).not_to_contain_text("发货")


async def test_an_agent_sees_by_when_to_answer_and_until_when_the_conversation_is_theirs(
    browser_process: Browser,
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        waits = page.locator("#waits")
        await expect(waits).to_be_hidden()
        for watch, words in (
            (Watch(waits_since=ago(minutes=5), answer_by=ago(minutes=-25)), "买家在等，请在"),
            (Watch(waits_since=ago(minutes=40), answer_by=ago(minutes=10)), "已超时"),
            (Watch(lease_until=ago(minutes=-20)), "每次回复会延长"),
        ):
            house.store.change(conversation, holder=Holder.AGENT, agent="小禾", watch=watch)
            house.hub.publish(conversation)
            await expect(waits).to_contain_text(words)
        await page.get_by_role("button", name="处理完，结束").click()
        await expect(page.locator("#held")).to_have_text("机器人接待中")


async def test_the_bots_draft_is_sent_as_it_is_or_changed_first(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        written = DraftReply("7", "您的包裹在路上\n\n明天送到")
        for holder, agent in ((Holder.AGENT, "小周"), (Holder.AGENT, "小禾")):
            house.store.change(conversation, holder=holder, agent=agent, draft=written)
            house.hub.publish(conversation)
            await expect(page.locator("#held")).to_have_text(f"{agent} 接待中")
            await expect(page.locator("#draft")).to_be_visible(visible=agent == "小禾")
        await page.get_by_role("button", name="改一改再发").click()
        await expect(page.locator("#text")).to_have_value(written.text)
        await expect(page.locator("#draft")).to_be_hidden()
        await page.locator("#text").fill("")
        house.store.change(conversation, draft=replace(written, id="8"))
        house.hub.publish(conversation)
        await page.get_by_role("button", name="就这样发").click()
        await expect(page.locator("#draft-send")).to_be_disabled()
        [arrival] = house.arrivals
        act = reader.read(arrival.payload).act
        assert act
        assert (act.act, act.case) == ("send_draft", "8")


async def test_a_case_of_another_conversation_leads_to_it(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        here = flagged(house)
        there = house.store.conversation_at("web", "buyer-2", ago(minutes=50), "小林的手机").id
        house.say(there, Speaker.BUYER, "我要退款", at=ago(minutes=40))
        theirs = case(kind=Kind.REFUND_ONLY, conversation_id=there)
        house.store.their_cases |= {here: [theirs], there: [theirs]}
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        await expect(page.locator("#panel .card", has_text="R7")).to_contain_text("系统自动同意：申请成功")
        await expect(page.locator("[data-act]")).to_have_count(0)
        await page.get_by_role("link", name="这笔属于买家的另一个对话").click()
        await expect(page.locator("#who")).to_have_text("小林的手机")
        await expect(page.locator("[data-act=refuse]")).to_be_visible()


async def test_what_is_no_waybill_is_told_in_the_dialog_and_stays_there_to_be_mended(
    browser_process: Browser,
) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        house.store.their_cases[conversation] = [
            case(State.WAIT_BUYER_RETURN_GOODS, conversation_id=conversation)
        ]
        page = await at_desk(browser, house)
        await page.locator("#list .row").first.click()
        await page.locator("[data-act=ship_back]").click()
        await page.locator("#ask-text").fill("abc")
        await page.locator("#ask-do").click()
        await expect(page.locator("#ask-trouble")).to_contain_text("不像快递单号")
        await expect(page.locator("#ask-text")).to_have_value("abc")
        assert house.arrivals == []
        await page.locator("#ask-text").fill("顺丰 SF2000011112222")
        await page.locator("#ask-do").click()
        await expect(page.locator("#ask")).to_be_hidden()
        await page.locator("[data-act=ship_back]").click()
        await expect(page.locator("#ask-trouble")).to_be_hidden()
        [arrival] = house.arrivals
        assert arrival.payload["text"] == "顺丰 SF2000011112222"


async def test_new_conversations_and_lines_come_by_themselves(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        page = await at_desk(browser, house)
        await expect(page.locator("#none")).to_be_visible()
        conversation = flagged(house)
        await page.locator("#list .row").first.click()
        await expect(page.locator("#log .bubble")).to_have_text(["转人工", "好的，马上为您转接"])
        house.say(conversation, Speaker.BUYER, "<i>在吗</i>")
        await expect(page.locator("#log .bubble").last).to_have_text("<i>在吗</i>")
        await expect(page.locator("#list .row-last").first).to_contain_text("在吗")
        assert "(1)" in await page.title()


async def test_a_case_that_waits_for_the_shop_shows_in_the_list(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        house.store.change(flagged(house), holder=Holder.BOT, flag=None)
        page = await at_desk(browser, house)
        await expect(page.locator("#list .badge.owed")).to_have_text("等待商家答复 · 还剩 3天")


async def test_the_desk_can_be_used_by_keyboard(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await at_desk(browser, house)
        await expect(page.locator("#list .row")).to_have_count(1)
        await page.locator("#list .row").first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_be_focused()
        await page.locator("[data-act=intervene]").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#ask")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#ask")).to_be_hidden()
        assert house.arrivals == []


async def test_what_a_line_was_understood_to_mean_unfolds_under_it_by_keyboard(
    browser_process: Browser,
) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        page = await at_desk(browser, house, width=390)
        await page.locator("#list .row").first.click()
        await expect(page.locator("#log .bubble")).to_have_count(2)
        await expect(page.locator("#log details")).to_have_count(0)
        house.say(conversation, Speaker.BUYER, "卫衣起球了 我要退款", meaning=REFUND)
        told = page.locator("#log details")
        await expect(told.locator("summary")).to_have_text("理解为“申请退款” · 97% · 有把握，直接办")
        await expect(told.locator("ol")).to_be_hidden()
        await told.locator("summary").focus()
        await page.keyboard.press("Enter")
        first, second = (told.locator("li").nth(at) for at in (0, 1))
        await expect(first).to_contain_text("像“我要退款”（整句 · 读音 · 结合订单和经过，可能性 ×2）")
        await expect(second).to_contain_text("质量问题 45% quality_issue")
        await expect(second).to_contain_text("其中一句 · 字面 · 意思相反")
        await expect(told.locator("dl")).to_have_text("语言简体中文原因质量问题订单号2600018003")
        house.say(conversation, Speaker.BUYER, "在吗")
        await expect(page.locator("#log .bubble")).to_have_count(4)
        await expect(told).to_have_attribute("open", "")
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 780})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


HURRY = Explanation("en", Sureness.ASK, (Candidate("hurry_parcel", 0.4, "hurry up", "message: meaning"),))
GISTS = {
    "understood as “the refund request” · 97% · sure enough to act": REFUND,
    "perhaps “getting the parcel sooner” · 40% · not sure, asks first": HURRY,
    "read: amount half · answer yes": Explanation(
        "", Sureness.UNKNOWN, (), {"amount": "half", "yes_no": "yes"}
    ),
    "not understood": Explanation("", Sureness.UNKNOWN),
}


async def test_the_gist_is_worded_in_the_desks_language(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        for meaning in GISTS.values():
            house.say(conversation, Speaker.BUYER, "…", meaning=meaning)
        page = await browser.open(f"{house.url}/desk", width=1280, locale="en-GB")
        await page.get_by_label("Login").fill("mia")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.locator("#list .row").first.click()
        await expect(page.locator("#log summary")).to_have_text(list(GISTS))


async def test_a_photo_from_telegram_takes_its_place_when_it_is_fetched(browser_process: Browser) -> None:
    async with House().open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        photo = Attachment(Medium.PHOTO, "telegram:AgACAgIA1", album="7")
        film = Attachment(Medium.VIDEO, "telegram:BAACAgIA2", album="7")
        waiting = Filed(conversation, photo.ref, Medium.PHOTO, FileState.WAITING, ago())
        large = Filed(conversation, film.ref, Medium.VIDEO, FileState.TOO_BIG, ago())
        house.store.files[conversation] = {photo.ref: waiting, film.ref: large}
        house.store.their_cases[conversation] = [case(evidence=(photo, film))]
        house.say(conversation, Speaker.BUYER, "您看", attachments=(photo, film))
        page = await browser.open(f"{house.url}/desk#{conversation}", width=1280)
        await signed_in(page)
        await page.locator("#list .row").first.click()
        said, beside = page.locator("#log .files").last, page.locator("#panel .files.album")
        for place in (said, beside):
            await expect(place.locator("[data-state=waiting]")).to_contain_text("正在取回")
            await expect(place.locator("[data-state=too_big]")).to_contain_text("文件太大")
        sha256 = hashlib.sha256(TINY_PICTURE).hexdigest()
        house.files.kept[f"file:{sha256}"] = TINY_PICTURE
        kept = replace(waiting, state=FileState.KEPT, sha256=sha256, mime="image/png", size=70)
        house.store.files[conversation] = {photo.ref: kept, film.ref: large}
        house.hub.publish(conversation)
        for place in (said, beside):
            await expect(place.locator("a.photo img")).to_have_js_property("naturalWidth", 1)
            await expect(place.locator("[data-state=waiting]")).to_have_count(0)
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="给调解员的材料").click()
        assert (await downloading.value).suggested_filename == "dossier-R7-zh.zip"
