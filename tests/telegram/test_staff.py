"""The agents' group: one topic a conversation, and everything an agent may do in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.cases import State
from bot.domain.conversation import Holder
from bot.domain.messages import Speaker
from bot.shop.links import sign
from tests.play.people import Agent
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.desk import Desk, case_of
from tests.telegram.looking import said


async def test_the_bots_draft_is_sent_by_a_tap_and_one_that_is_out_of_date_is_not(
    flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.taps("我来接手")
    await flagged.says("退款一般多久到账")
    assert (await flagged.hears()).text == ""
    assert "助手拟的回复" in desk.reads()
    await desk.taps("就这样发")
    heard = (await flagged.hears()).text
    assert heard.startswith("客服 小周")
    assert "工作日" in heard
    assert "<b>" not in heard
    await desk.taps("就这样发")  # once more
    assert "草稿已经过时" in desk.reads()
    assert (await flagged.hears()).text == ""


async def test_a_flagged_conversation_opens_one_topic_with_the_card(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    case = await case_of(stage, flagged)
    card = desk.reads()
    assert "买家要求人工" in card
    assert case.number in card
    assert "2600018002" in card
    assert len(stage.group.topics) == 1
    await flagged.says("有人吗")
    await stage.quiet()
    assert "有人吗" in desk.reads()
    assert len(stage.group.topics) == 1


async def test_an_agent_claims_answers_and_gives_back(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.taps("我来接手")
    assert "小周 已接手" in desk.reads().replace("✋ ", "")
    assert (await flagged.conversation()).holder is Holder.AGENT
    await desk.writes("您好,我是小周,帮您看看 <b>1 & 2</b>")
    assert "您好,我是小周,帮您看看 <b>1 & 2</b>" in (await flagged.hears()).text
    await flagged.says("谢谢")
    await stage.quiet()
    assert not flagged.news(), "while an agent holds it the bot says nothing"
    await desk.writes("/release@shouhou_test_bot")
    assert "由我继续为您服务" in (await flagged.hears()).text
    assert (await flagged.conversation()).holder is Holder.BOT


async def test_an_agent_agrees_by_tap_and_a_second_tap_is_told_it_is_stale(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    card, label = desk.button("同意打款")
    button = card.button(label)
    assert button
    await desk.taps("同意打款")
    assert (await case_of(stage, flagged)).state is State.SUCCESS
    assert "退款" in (await flagged.hears()).text
    desk.reads()
    await desk.agent.forges(button.data, card)  # an app that still shows the card as it was
    await stage.quiet()
    assert "刚有变化" in desk.reads()
    assert not (await flagged.hears()).text


async def test_an_agent_refuses_with_a_reason_and_the_buyer_revokes(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    number = (await case_of(stage, flagged)).number
    await desk.writes(f"/refuse {number}")
    assert "写明内容" in desk.reads()
    await desk.writes(f"/refuse {number.lower()} 已经发货 <i>在路上</i>")
    assert "已经发货 <i>在路上</i>" in (await flagged.hears()).text
    assert (await case_of(stage, flagged)).state is State.SELLER_REFUSE_BUYER
    await desk.writes("/release")
    await flagged.hears()
    await flagged.taps("撤销申请")
    await stage.quiet()
    assert (await case_of(stage, flagged)).state is State.CLOSED


async def test_an_act_on_what_moved_meanwhile_is_told(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    card, label = desk.button("同意打款")
    button = card.button(label)
    assert button
    await flagged.sends(1, "")
    await flagged.says("/cancel")
    await flagged.hears()
    await flagged.says("撤销退款")
    await flagged.hears()
    await flagged.taps("确认撤销")
    await stage.quiet()
    assert (await case_of(stage, flagged)).state is State.CLOSED
    desk.reads()
    await desk.agent.forges(button.data, card)
    await stage.quiet()
    assert "刚有变化" in desk.reads()
    assert (await case_of(stage, flagged)).state is State.CLOSED


@pytest.mark.parametrize("photos", [1, 4, 8])
async def test_the_buyers_photos_reach_the_topic(
    photos: int, stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await flagged.sends(photos, "都碎了")
    await stage.later(timedelta(seconds=2))
    assert sum(message.media == "photo" for message in desk.posts()) == photos
    assert "都碎了" in desk.reads()


async def test_photos_sent_to_the_bot_come_with_the_card(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    await buyer.says(f"/start {sign('2600018006', SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("卫衣起球了,我要退款")
    await buyer.sends(2, "")
    await buyer.says("转人工")
    await stage.later(timedelta(seconds=2))
    assert "在办：申请退款" in desk.reads()
    assert sum(message.media == "photo" for message in desk.posts()) == 2


async def test_the_agents_photo_reaches_the_buyer(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.agent.sends_photo("像这样", chat=stage.group, topic=desk.topic)
    await stage.quiet()
    (message,) = [message for message in flagged.news() if message.media == "photo"]
    assert "像这样" in message.text


async def test_the_shops_evidence_goes_to_the_case_and_not_to_the_buyer(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    case = await case_of(stage, flagged)
    await desk.agent.sends_album(2, f"/evidence {case.number}", chat=stage.group, topic=desk.topic)
    await stage.api.drained()
    await stage.later(timedelta(seconds=2))
    assert len((await case_of(stage, flagged)).evidence) == 2
    assert not [message for message in flagged.news() if message.media]
    await desk.agent.sends_photo(f"/refuse {case.number} 鞋底磨损", chat=stage.group, topic=desk.topic)
    await stage.quiet()
    refused = await case_of(stage, flagged)
    assert (refused.state, len(refused.evidence)) == (State.SELLER_REFUSE_BUYER, 3)
    kept = await stage.database.read(lambda unit: unit.filed(case.conversation_id))
    assert {file.ref for file in refused.evidence} <= kept.keys()


async def test_the_agents_album_reaches_the_buyer_whole(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.agent.sends_album(4, "像这样", chat=stage.group, topic=desk.topic)
    await stage.api.drained()
    await stage.later(timedelta(seconds=2))
    assert sum(message.media == "photo" for message in flagged.news()) == 4
    assert said(stage).count("desk/agent_says") == 1


async def test_a_topic_deleted_by_hand_is_made_again(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    old = desk.topic
    stage.group.delete_topic(old)
    await flagged.says("还在吗")
    await stage.quiet()
    assert desk.topic != old
    assert "还在吗" in desk.reads()
    await desk.writes("在的")
    assert "在的" in (await flagged.hears()).text


async def test_a_topic_closed_by_hand_is_opened_again(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    stage.group.close_topic(desk.topic, by=desk.agent)
    await flagged.says("还在吗")
    await stage.quiet()
    assert not stage.group.topics[desk.topic].closed
    assert "还在吗" in desk.reads()


async def test_words_in_general_do_nothing(stage: TelegramStage, flagged: TelegramBuyer, desk: Desk) -> None:
    before = len(stage.group.messages)
    for text in ("大家早", "/release", "/agree R1"):
        await desk.agent.says(text, chat=stage.group)
    await flagged.hears()
    await stage.quiet()
    assert (await flagged.conversation()).holder is Holder.QUEUED
    assert len(stage.group.messages) == before + 3
    assert not flagged.news()


async def test_words_in_a_topic_of_the_agents_own_do_nothing(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    topic = stage.group.open_topic("午饭", by=desk.agent)
    await desk.agent.says("吃什么", chat=stage.group, topic=topic.id)
    assert "吃什么" not in (await flagged.hears()).text


async def test_a_second_agent_is_told_who_holds_it(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.taps("我来接手")
    other = stage.api.user(901, first_name="小李")
    desk.reads()
    await desk.writes("我来说两句", who=other)
    assert "小周" in desk.reads()
    assert "我来说两句" not in (await flagged.hears()).text


async def test_a_note_from_the_topic_is_kept_and_not_said_there_twice_and_one_from_the_page_is_posted(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    desk.reads()
    await desk.writes("// 这个买家 <b>很急</b>")
    await desk.writes("/note 明天再看")
    assert desk.reads() == ""
    number = (await flagged.conversation()).id
    await Agent(stage, "小李").does(number, "note", text="仓库说 <b>有货</b>")
    assert stage.told[-1].reply == "desk/note"
    assert desk.reads() == "🗒 小李 的备注（买家看不到）\n仓库说 <b>有货</b>"
    assert (await flagged.hears()).text == ""
    lines = await stage.database.read(lambda unit: unit.transcript(number))
    notes = [(line.name, line.text) for line in lines if line.who is Speaker.NOTE]
    assert notes == [
        ("小周", "这个买家 <b>很急</b>"),
        ("小周", "明天再看"),
        ("小李", "仓库说 <b>有货</b>"),
    ]


async def test_a_macro_typed_in_the_topic_is_filled_and_sent(flagged: TelegramBuyer, desk: Desk) -> None:
    await desk.writes("/macro 请补照片")
    assert "订单 2600018002，麻烦再拍几张" in (await flagged.hears()).text
    assert "小周 对买家说：" in desk.reads(), "colleagues read its words too"
    await desk.writes("/macro 请补照")
    assert "photos" in desk.reads()
    assert (await flagged.hears()).text == ""


async def test_the_buyer_who_blocked_the_bot_and_the_agent_who_answers(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await flagged.user.blocks_bot()
    await desk.writes("您好")
    await stage.quiet()
    assert not flagged.news()
