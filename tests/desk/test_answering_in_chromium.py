"""Answering at the desk in a real browser: notes, macros, files, words kept, an answer held back, colleagues."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from bot.desk import reader
from bot.domain.conversation import Holder
from bot.domain.messages import AgentAct, Speaker
from bot.pipeline.arrivals import Arrival
from tests.channels.web.chromium import Pages, pages
from tests.channels.web.house import House, ago
from tests.desk import test_desk_in_chromium as sitting
from tests.desk.samples import flagged
from tests.desk.test_desk_answering import BROKEN, GREETING, shop
from tests.desk.test_desk_in_chromium import at_desk
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.passwords import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


def carry_out(house: House, arrival: Arrival) -> None:
    """What the worker makes of an act, as far as the page can tell."""
    incoming, conversation = reader.read(arrival.payload), house.of(arrival)
    done = incoming.act
    assert done is not None
    if done.act == "note":
        house.say(conversation, Speaker.NOTE, done.text, name=done.agent, attachments=incoming.attachments)
    elif done.act == "say" and incoming.attachments:
        house.say(conversation, Speaker.AGENT, done.text, name=done.agent, attachments=incoming.attachments)
    else:
        sitting.carry_out(house, arrival)
    if done.then == "close":
        house.store.change(conversation, holder=Holder.BOT, agent="", flag=None)
        house.hub.publish(conversation)


def claimed_meanwhile(house: House, arrival: Arrival) -> None:
    """小禾 takes the conversation after the door let a colleague's act in, and before the worker has it."""
    done, conversation = reader.read(arrival.payload).act, house.of(arrival)
    assert done is not None
    house.store.change(conversation, holder=Holder.AGENT, agent="小禾")
    house.say(conversation, Speaker.SYSTEM, "小禾 正在接待", name=done.agent, reply="desk/held")


async def at_work(browser: Pages, house: House) -> Page:
    """小禾 with the first conversation of the list open."""
    page = await at_desk(browser, house)
    await page.locator("#list .row").first.click()
    return page


def picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": TINY_PICTURE}


def acts(house: House) -> list[AgentAct]:
    done = [reader.read(arrival.payload).act for arrival in house.arrivals]
    return [act for act in done if act]


async def test_notes_stand_apart_and_an_answer_may_close_the_conversation(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await at_work(browser, house)
        await page.get_by_label("写备注").check()
        await expect(page.locator("#text")).to_have_attribute("placeholder", "备注：只有同事看得到")
        await expect(page.locator("#send-close")).to_be_hidden()
        await page.locator("#text").fill("老客户 <b>别急</b>")
        await page.get_by_role("button", name="保存备注").click()
        note = page.locator(".from-note")
        await expect(note.locator(".bubble")).to_have_text("老客户 <b>别急</b>")
        await expect(note.locator(".name")).to_have_text("小禾 · 备注")
        await page.get_by_label("回复买家", exact=True).check()
        await page.locator("#text").fill("都办好了")
        await page.get_by_role("button", name="发送并结束").click()
        await expect(page.locator("#held")).to_have_text("机器人接待中")
        await expect(page.locator("#text")).to_have_value("")
        [conversation] = house.store.conversations
        house.take_back(conversation, house.store.lines[conversation][-1].id)
        said = page.locator("#log .from-agent")
        await expect(said.locator("del")).to_have_text("都办好了")
        await expect(said.locator("del")).to_have_css("text-decoration-line", "line-through")
        await expect(said.get_by_text("已撤回，买家看不到了")).to_be_visible()
        await page.reload()
        await expect(said).to_have_text(re.compile("已撤回，买家看不到了.*都办好了"))
        assert acts(house) == [
            AgentAct("note", "小禾", text="老客户 <b>别急</b>"),
            AgentAct("say", "小禾", text="都办好了", then="close"),
        ]


async def test_a_macro_is_found_read_put_into_the_box_and_sent_with_what_follows(
    browser_process: Browser,
) -> None:
    house = House(answer=carry_out, contents=shop(hello=GREETING, broken=BROKEN))
    async with house.open(), pages(browser_process) as browser:
        flagged(house)
        page = await at_work(browser, house)
        await page.get_by_role("button", name="常用语").click()
        preview = page.locator("#macros-text")
        await expect(preview).to_have_text("小林您好，订单 2026110100001（SF102938），我是 小禾")
        await page.get_by_role("combobox", name="按名字或标签找").fill("broken")
        await expect(page.locator("#macros [role=option]")).to_have_count(1)
        await page.locator("#macros [role=option]").hover()
        await expect(preview).to_contain_text("did you mean 'order'?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#macros")).to_be_visible()  # it can't be used
        await page.get_by_role("combobox", name="按名字或标签找").fill("开场")
        await expect(page.locator("#macros [role=option]")).to_contain_text("打招呼")
        await page.keyboard.press("Enter")
        await expect(page.locator("#macros")).to_be_hidden()
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.locator("#then-what")).to_have_text("发送后：放一放 2h")
        await page.keyboard.type("!")
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.locator("#then")).to_be_hidden()
        [act] = acts(house)
        text = "小林您好，订单 2026110100001（SF102938），我是 小禾!"
        assert act == AgentAct("say", "小禾", "R7", text=text, then="snooze 2h")


async def test_an_answer_is_held_back_when_the_buyer_wrote_meanwhile(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        conversation = flagged(house)
        page = await at_work(browser, house)
        await expect(page.locator("#log .bubble")).to_have_count(2)
        await page.locator("#text").fill("马上给您退")
        house.say(conversation, Speaker.BUYER, "<i>先别退</i>")
        await expect(page.locator("#log .bubble")).to_have_count(3)
        await page.locator("#text").press("Enter")
        dialog = page.get_by_role("dialog", name="还没有发：买家刚刚又说了")
        await expect(dialog.locator("li")).to_have_text("<i>先别退</i>")
        await page.keyboard.press("Escape")
        await expect(page.locator("#text")).to_have_value("马上给您退")
        assert house.arrivals == []
        house.say(conversation, Speaker.BUYER, "还是退吧")
        await expect(page.locator("#log .bubble")).to_have_count(4)
        await page.locator("#text").press("Enter")
        await expect(dialog.locator("li")).to_have_text("还是退吧")
        await dialog.get_by_role("button", name="仍然发送").click()
        await expect(page.locator(".from-agent .bubble")).to_have_text("马上给您退")
        await expect(page.locator("#text")).to_have_value("")


async def test_words_are_kept_for_each_conversation_until_they_are_sent(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        first = flagged(house)
        other = house.store.conversation_at("telegram", "5", ago(minutes=1), "Jonas").id
        house.say(other, Speaker.BUYER, "hello")
        page = await at_desk(browser, house)
        rows = page.locator("#list .row")
        await rows.filter(has_text="小林").click()
        await expect(page.locator("#text")).to_be_focused()
        await page.locator("#text").fill("写到一半")
        await rows.filter(has_text="Jonas").click()
        await expect(page.locator("#who")).to_have_text("Jonas")
        await expect(page.locator("#text")).to_have_value("")
        await page.get_by_label("写备注").check()
        await page.locator("#text").fill("a note")
        await page.reload()
        await expect(page.locator("#text")).to_have_value("a note")
        await expect(page.get_by_label("写备注")).to_be_checked()
        await rows.filter(has_text="小林").click()
        await expect(page.locator("#text")).to_have_value("写到一半")
        await page.get_by_role("button", name="设置").click()
        await page.get_by_label("Ctrl+Enter 发送").check()
        await page.get_by_role("dialog").get_by_role("button", name="关闭").click()
        await page.locator("#text").press("End")
        await page.keyboard.press("Enter")
        await page.keyboard.type("第二行")
        await expect(page.locator("#text")).to_have_value("写到一半\n第二行")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#text")).to_have_value("")
        await page.reload()
        await expect(page.locator("#log .from-agent")).to_have_count(1)
        await expect(page.locator("#text")).to_have_value("")
        assert acts(house) == [AgentAct("say", "小禾", text="写到一半\n第二行")]
        assert house.arrivals[0].conversation_id == first


async def test_a_file_is_chosen_sent_and_seen_large_without_the_mouse(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        page = await at_work(browser, house)
        await expect(page.locator("#who")).to_have_text("小林")
        files = page.locator("#file")
        await files.set_input_files(
            {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
        )
        await expect(page.locator("#trouble")).to_have_text("只能发图片、PDF 或 MP4 视频")
        await files.set_input_files([picture("step.png"), picture("step2.png")])
        await expect(page.locator("#previews li")).to_have_count(2)
        await page.locator("#text").fill("按图装")
        await page.keyboard.press("Enter")
        photos = page.locator("#log .from-agent a.photo img")
        await expect(photos).to_have_count(2)
        await expect(page.locator("#previews li")).to_have_count(0)
        await page.locator("#log .from-agent a.photo").first.focus()
        await page.keyboard.press("Enter")
        zoom = page.get_by_role("dialog", name="看大图")
        await expect(zoom.locator("img")).to_have_attribute("alt", "step.png")
        await page.keyboard.press("ArrowRight")
        await expect(zoom.locator("#zoom-which")).to_have_text("2 / 2")
        await expect(zoom.locator("img")).to_have_js_property("naturalWidth", 1)
        await page.keyboard.press("Escape")
        await expect(zoom).to_be_hidden()
        await expect(page.locator("#log .from-agent a.photo").first).to_be_focused()


async def test_two_agents_see_each_other_look_write_and_take_over(browser_process: Browser) -> None:
    async with House(answer=carry_out).open() as house, pages(browser_process) as browser:
        flagged(house)
        mine = await at_work(browser, house)
        await expect(mine.locator("#others")).to_be_hidden()
        theirs = await browser.open(f"{house.url}/desk", width=1280)
        await theirs.get_by_label("登录名").fill("xiaozhou")
        await theirs.get_by_label("密码").fill(PASSWORD)
        await theirs.get_by_role("button", name="登录").click()
        await theirs.locator("#list .row").first.click()
        await expect(mine.locator("#others")).to_have_text("小周也在看")
        await theirs.locator("#text").press_sequentially("您好")
        await expect(mine.locator("#others")).to_have_text("小周正在写…")
        await mine.get_by_role("button", name="接手").click()
        await expect(theirs.locator("#held")).to_have_text("小禾 接待中")
        await theirs.keyboard.press("Enter")
        await expect(theirs.locator("#trouble")).to_contain_text("小禾 正在接待这位买家")
        await expect(theirs.locator("#text")).to_have_value("您好")
        await mine.get_by_role("button", name="交还机器人").click()
        await expect(theirs.locator("#held")).to_have_text("机器人接待中")
        house.answer = claimed_meanwhile
        await theirs.locator("#file").set_input_files([picture("step.png")])
        await theirs.keyboard.press("Enter")
        await expect(theirs.locator("#trouble")).to_contain_text("小禾 刚刚接手了这位买家，您的话没有发出")
        await expect(theirs.locator("#text")).to_have_value("您好")
        await expect(theirs.locator("#log .system .unseen")).to_have_text("记录")  # its words name who it was
        await expect(theirs.locator("#previews li")).to_have_count(1)
        await expect(theirs.locator("#log .from-agent")).to_have_count(0)
        house.answer = carry_out
        await mine.get_by_role("button", name="交还机器人").click()
        await expect(theirs.locator("#held")).to_have_text("机器人接待中")
        await theirs.locator("#text").press("Enter")
        await expect(theirs.locator("#log .from-agent .bubble")).to_have_text("您好")
        await expect(theirs.locator("#text")).to_have_value("")
        await expect(theirs.locator("#previews li")).to_have_count(0)
        await theirs.close()
        await expect(mine.locator("#others")).to_be_hidden()
        assert [act.act for act in acts(house)] == ["claim", "release", "say", "release", "say"]
