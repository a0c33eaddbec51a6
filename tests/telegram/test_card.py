"""The pinned card of a topic, and the topic's name: both are kept as the conversation is."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest

from bot.domain.cases import State
from bot.domain.conversation import Holder
from bot.pipeline.chats import Topic
from bot.shop.links import sign
from bot.store.unit import SqlUnit
from tests.doubles.bot_api import Fault
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.desk import Desk, case_of
from tests.telegram.looking import outbox_rows, said, slot_of, until_tried


async def test_the_card_is_pinned_and_follows_what_happens(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    card = desk.card
    assert desk.posts()[0] is card, "the first post of a topic"
    assert "排队等客服" in card.text
    await desk.taps("我来接手")
    assert "小周" in card.text
    assert [label for label in card.labels if "交还助手" in label]
    await desk.taps("同意打款")
    assert (await case_of(stage, flagged)).state is State.SUCCESS
    assert not [label for label in card.labels if "同意打款" in label], "buttons are of the newest version"
    assert "没有进行中的申请" in card.text
    await desk.taps("交还助手")
    assert "没有待人工处理的事" in card.text
    assert desk.card is card, "one card, edited in place"
    assert len([post for post in desk.posts() if "📄" in post.text]) == 1


async def test_what_was_told_before_stays_on_the_card_while_a_person_has_it(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    await buyer.says(f"/start {sign('2600018006', SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("卫衣起球了,我要退款")
    await buyer.says("转人工")
    await stage.quiet()
    await desk.taps("我来接手")
    assert "在办：申请退款" in desk.card.text
    await desk.writes("/release")
    assert "在办" not in desk.card.text


async def test_who_is_called_again_hears_a_bell_beside_the_edited_card(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.writes("/release")
    desk.reads()
    await flagged.says("转人工")
    await stage.quiet()
    assert "买家要求人工" in desk.card.text
    assert "详见置顶的卡片" in desk.reads()
    assert stage.shown.count("desk/bell") == 1
    assert said(stage).count("escalate/queued") == 2


async def test_a_card_that_somebody_deleted_is_posted_anew(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    await desk.agent.deletes(desk.card)
    await desk.writes("/claim")
    assert "小周" in desk.card.text


async def test_a_topic_that_is_made_again_has_its_card(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    stage.group.delete_topic(desk.topic)
    await flagged.says("还在吗")
    await stage.quiet()
    assert desk.posts()[0] is desk.card
    assert "2600018002" in desk.card.text
    assert "还在吗" in desk.reads()


@pytest.mark.parametrize("fault", [Fault.too_many(), Fault.server_error(), Fault.dropped()])
async def test_the_card_of_a_topic_made_again_is_pinned_by_the_next_post_when_it_could_not_be_at_once(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk, fault: Fault
) -> None:
    stage.group.delete_topic(desk.topic)
    stage.api.faults.next("pinChatMessage", fault)
    await flagged.says("还在吗")
    await stage.later(timedelta(seconds=5))
    assert "2600018002" in desk.card.text
    assert [post.text.count("还在吗") for post in desk.posts() if "还在吗" in post.text] == [1]


async def test_without_the_right_to_pin_it_is_not_tried_with_each_post(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.group.bot_can_pin_messages = False
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    await buyer.says("转人工")
    await buyer.says("还在吗")
    await buyer.says("有人吗")
    await stage.quiet()
    assert "有人吗" in desk.reads()
    assert len(stage.api.log.of("pinChatMessage")) == 1
    stage.group.bot_can_pin_messages = True
    await desk.taps("我来接手")
    assert "小周" in desk.card.text


async def test_without_the_right_to_pin_the_card_is_posted_all_the_same(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.group.bot_can_pin_messages = False
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    await buyer.says("转人工")
    await stage.quiet()
    assert "买家要求人工" in desk.reads()
    await desk.taps("我来接手")
    assert "小周" in desk.posts()[0].text


@pytest.mark.parametrize("fault", [Fault.too_many(), Fault.server_error(), Fault.dropped()])
async def test_a_card_that_could_not_be_pinned_at_once_is_pinned_later(
    stage: TelegramStage, buyer: TelegramBuyer, fault: Fault
) -> None:
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    stage.api.faults.next("pinChatMessage", fault)
    await buyer.says("转人工")
    await stage.later(timedelta(seconds=5))
    assert "买家要求人工" in desk.card.text
    assert len([post for post in desk.posts() if "买家要求人工" in post.text]) == 1, "posted once"


async def test_a_card_that_waits_to_be_pinned_is_pinned_by_the_newer_one_that_takes_its_place(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    desk = Desk(stage, stage.api.user(900, first_name="小周"))
    stage.api.faults.next("pinChatMessage", Fault.too_many(retry_after=30))
    await buyer.says("转人工")
    assert slot_of(await until_tried(stage, channel="staff")) == "card"
    await desk.agent.says("/claim", chat=stage.group, topic=desk.topic)
    await stage.handled()
    await stage.later(timedelta(seconds=31))
    assert "小周" in desk.card.text
    states = [row["state"] for row in await outbox_rows(stage, "staff") if slot_of(row) == "card"]
    assert states == ["withdrawn", "sent"]


async def test_of_a_card_that_waits_only_the_newest_goes_out(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    card = desk.card
    before = len(stage.api.log.of("editMessageText"))
    async with stage.silent():
        for act in ("/claim", "/snooze 2h", "/release", "/claim"):
            await desk.agent.says(act, chat=stage.group, topic=desk.topic)
            await stage.handled()
    await stage.quiet()
    assert len(stage.api.log.of("editMessageText")) == before + 1
    assert "小周" in card.text
    states = [row["state"] for row in await outbox_rows(stage, "staff") if slot_of(row) == "card"]
    assert states.count("withdrawn") == 3
    assert set(states) == {"sent", "withdrawn"}


async def test_the_topics_name_tells_who_has_it_and_how_urgent_it_is(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    topic = stage.group.topics[desk.topic]
    number = (await flagged.conversation()).id
    assert topic.name == f"🔔 小林 #{number}"
    assert stage.shown.count("desk/topic") == 1
    await desk.taps("我来接手")
    assert topic.name == f"👤 小林 #{number} · 小周"
    await desk.writes("/snooze 2h")
    assert topic.name == f"💤 小林 #{number} · 小周"
    await stage.later(timedelta(hours=2, seconds=1))
    await flagged.says("什么时候能好")
    await stage.quiet()
    edits = len(stage.api.log.of("editForumTopic"))
    await flagged.says("在吗")
    await stage.quiet()
    assert len(stage.api.log.of("editForumTopic")) == edits, "only when it changes"
    await stage.later(timedelta(minutes=31))
    assert topic.name == f"🔴 小林 #{number}"
    await desk.writes("/release")
    assert topic.name == f"🤖 小林 #{number}"


async def test_a_closed_conversations_topic_is_closed_until_it_lives_again(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    topic = stage.group.topics[desk.topic]
    await desk.writes("/claim")
    await desk.writes("/close")
    assert topic.closed
    assert topic.name.startswith("✅ ")
    assert "会话已结束" in desk.card.text
    await flagged.says("谢谢")
    await stage.quiet()
    assert topic.closed, "the bot answers"
    await flagged.says("转人工")
    await stage.quiet()
    assert topic.name.startswith("🔔 ")
    assert topic in [one for one in stage.group.topics.values() if not one.closed]
    assert (await flagged.conversation()).holder is Holder.QUEUED


async def test_a_topic_name_that_telegram_refuses_delays_nothing_else(
    stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    stage.api.faults.next("editForumTopic", Fault.server_error())
    await desk.writes("/claim")
    await stage.later(timedelta(seconds=2))
    assert stage.group.topics[desk.topic].name.startswith("👤 ")
    await desk.writes("您好")
    assert "您好" in (await flagged.hears()).text


async def test_a_topic_whose_making_could_not_be_written_down_is_made_once(
    stage: TelegramStage, buyer: TelegramBuyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, left = SqlUnit.put_topic, [2]

    def refused_at_first(unit: SqlUnit, conversation_id: int, topic: Topic) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.ENOSPC, "the disk is full")
        put(unit, conversation_id, topic)

    monkeypatch.setattr(SqlUnit, "put_topic", refused_at_first)
    await buyer.says("转人工")
    for _ in range(3):
        await until_tried(stage, channel="staff")
        await stage.later(timedelta(minutes=2))
    await stage.quiet()
    assert left == [0]
    assert len(stage.group.topics) == 1
    posts = Desk(stage, stage.api.user(900, first_name="小周")).posts()
    assert len([post for post in posts if "📄" in post.text]) == 1
