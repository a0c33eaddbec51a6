"""What the group sees of people and of what was said before, and when words go to the buyer at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.audit import Outcome
from bot.domain.conversation import Holder
from bot.domain.messages import Speaker
from bot.folder.shop_folder import Contents
from bot.shop.links import sign
from tests.play.clock import StageClock
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.telegram.desk import Desk

PHONE, ADDRESS = "13912345678", "浙江省杭州市余杭区文一西路969号3幢201室"


async def test_personal_data_is_masked_and_shown_to_who_asks_which_is_noted(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await flagged.says(f"打我电话 {PHONE}，地址 {ADDRESS}，邮箱 lin.xiao@example.com")
    await flagged.hears()
    group = stage.group.transcript
    assert "139****5678" in group
    assert "浙江省杭州市余杭区****" in group
    assert "l****@example.com" in group
    assert not [secret for secret in (PHONE, "文一西路", "lin.xiao") if secret in group]
    number = (await flagged.conversation()).id
    lines = await stage.database.read(lambda unit: unit.transcript(number))
    assert any(PHONE in line.text for line in lines), "the web desk, where people sign in, has it"
    order = await stage.database.read(lambda unit: unit.order("2600018002"))
    assert order
    await desk.writes("/show")
    shown = desk.posts()[-1].text
    assert [
        one for one in (PHONE, ADDRESS, "lin.xiao@example.com", order.buyer_name) if one not in shown
    ] == []
    assert order.phone in shown
    assert stage.shown[-1] == "desk/personal"
    _, deed = (await stage.database.read(lambda unit: unit.deeds(conversation=number)))[0]
    assert (deed.name, deed.account, deed.act, deed.outcome) == ("小周", "telegram:900", "show", Outcome.DONE)
    lines = await stage.database.read(lambda unit: unit.transcript(number))
    assert not any("应 小周 的要求" in line.text for line in lines), "it is not told twice"


async def test_the_name_a_buyer_goes_by_in_the_messenger_is_shown_also_where_an_order_goes_to_it(
    stage: TelegramStage,
) -> None:
    buyer = TelegramBuyer.who_speaks(stage, "zh", "林小满 🌱")
    for order in ("2600018002", "2600018101"):
        await buyer.says(f"/start {sign(order, SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("转人工")
    await buyer.says("收件人写林小满，不要写 Emma Clarke")
    await stage.quiet()
    [topic] = stage.group.topics.values()
    assert "林小满 🌱 #" in topic.name
    posts = "\n".join(message.text for message in stage.group.topic_messages(topic.id))
    assert "买家：林小满 🌱" in posts
    assert "收件人写林****，不要写 E****" in posts


async def test_the_web_desk_has_words_of_its_own_where_the_group_has_commands(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.taps("我来接手")
    number = (await flagged.conversation()).id
    lines = await stage.database.read(lambda unit: unit.transcript(number))
    notes = {line.reply: line for line in lines if line.who is Speaker.SYSTEM}
    assert {"desk/card", "desk/claimed"} <= notes.keys()
    said = [words for line in notes.values() for words in (line.text, line.worded("en").text)]
    assert not [words for words in said if "<code>/" in words]
    assert "买家要求人工" in notes["desk/card"].text
    assert "Buyer asks for a person" in notes["desk/card"].worded("en").text
    read = ("小林", "2600018002", "等待商家答复", "最后说：“转人工”", "/refuse", "/release")
    assert [words for words in read if words not in desk.card.text] == []


async def test_a_new_address_is_masked_whatever_it_looks_like(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    await buyer.says(f"/start {sign('2600018002', SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("地址填错了")
    await buyer.hears()
    await buyer.says("老地方，村口大槐树底下，王二")
    await buyer.hears()
    post = desk.reads()
    assert "2600018002" in post
    assert "大槐树" not in post
    await desk.writes("/show")
    assert "村口大槐树底下" in desk.reads()


async def test_history_is_one_post_and_no_line_of_the_transcript(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.writes("稍等，我看一下")
    await desk.writes("/undo")
    await flagged.says("好的")
    await flagged.hears()
    desk.reads()
    count = len(desk.posts())
    await desk.writes("/history")
    told = desk.reads()
    assert len(desk.posts()) == count + 1
    assert stage.shown[-1] == "desk/history"
    assert told.index("转人工") < told.index("小周（已撤回）") < told.index("💬 好的")
    assert "仅退款" in told
    number = (await flagged.conversation()).id
    lines = await stage.database.read(lambda unit: unit.transcript(number))
    assert not any("最近的话" in line.text for line in lines)


@pytest.fixture
async def claiming(tmp_path: Path, contents: Contents, template: Path) -> AsyncIterator[TelegramStage]:
    """A shop where conversations are claimed before anybody answers."""
    wished = {"SHOUHOU_DESK__CLAIM_FIRST": "true"}
    async with on_telegram(tmp_path, StageClock(), contents, template=template, environ=wished) as stage:
        yield stage


async def test_where_the_shop_wants_it_words_go_out_only_once_somebody_claimed(
    claiming: TelegramStage,
) -> None:
    buyer = TelegramBuyer.who_speaks(claiming, "zh")
    desk = Desk(claiming, claiming.api.user(900, first_name="小周"))
    await buyer.says("转人工")
    await buyer.hears()
    await desk.writes("您好")
    assert "先发 /claim" in desk.reads()
    await desk.agent.sends_photo("看图", chat=claiming.group, topic=desk.topic)
    assert not (await buyer.hears()).text
    assert (await buyer.conversation()).holder is Holder.QUEUED
    await desk.writes("/claim")
    await desk.writes("您好")
    assert "您好" in (await buyer.hears()).text
    await desk.writes("/release")
    await buyer.hears()
    await desk.writes("还有一句")
    assert not (await buyer.hears()).text


async def test_who_has_no_account_is_shown_nothing_where_the_shop_wants_accounts(
    tmp_path: Path, contents: Contents, template: Path
) -> None:
    wished = {"SHOUHOU_AUTHORITY__GROUP_ACTS": "false"}
    async with on_telegram(tmp_path, StageClock(), contents, template=template, environ=wished) as stage:
        buyer = TelegramBuyer.who_speaks(stage, "zh")
        desk = Desk(stage, stage.api.user(900, first_name="小周"))
        await buyer.says("转人工")
        line = await buyer.user.says(f"打我电话 {PHONE}")
        await buyer.hears()
        for command in ("/show", "/history", "/undo"):
            await desk.writes(command)
        said = await desk.agent.says("您好", chat=stage.group, topic=desk.topic)
        await desk.agent.edits(said, "您好呀")
        await desk.agent.reacts(desk.posts()[1], "👍")
        await stage.quiet()
        assert not {"desk/personal", "desk/history"} & set(stage.shown)
        assert not line.reactions
        assert PHONE not in stage.group.transcript
        assert not buyer.news()
