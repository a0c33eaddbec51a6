"""What crosses between the buyer's chat and the agents' topic, and what an agent sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.web.reading import ChatReading
from bot.domain.conversation import Holder
from bot.domain.decision import Audience
from bot.domain.messages import Speaker
from tests.doubles.bot_api import Fault
from tests.doubles.bot_api.message import Message
from tests.play.people import WebBuyer
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.desk import Desk
from tests.telegram.looking import outbox_rows, said

DAY = timedelta(days=1)


@pytest.fixture
async def talking(flagged: TelegramBuyer, desk: Desk) -> TelegramBuyer:
    """小周 has claimed the conversation, and both have read all there is."""
    await desk.writes("/claim")
    await flagged.hears()
    desk.reads()
    return flagged


def emoji(message: Message) -> list[str]:
    """Of the reactions on it."""
    return [str(one["emoji"]) for one in message.reactions]


async def says(desk: Desk, text: str, reply_to: Message | None = None) -> Message:
    """The agent's own message, once all came of it."""
    said = await desk.agent.says(text, chat=desk.stage.group, topic=desk.topic, reply_to=reply_to)
    await desk.stage.quiet()
    return said


def posted(desk: Desk) -> list[str]:
    """Posts on the desk by name."""
    return said(desk.stage, Audience.DESK)


class TestMarks:
    async def test_what_arrived_is_marked_so(self, talking: TelegramBuyer, desk: Desk) -> None:
        said = await says(desk, "您好")
        assert "您好" in (await talking.hears()).text
        assert emoji(said) == ["👌"]

    async def test_a_buyer_who_blocked_the_bot(self, talking: TelegramBuyer, desk: Desk) -> None:
        await talking.user.blocks_bot()
        said = await says(desk, "您好")
        assert emoji(said) == ["💔"]
        (post,) = [one for one in desk.posts() if "停用了机器人" in one.text]
        assert post.reply_to == said.id
        assert posted(desk)[-1] == "desk/not_delivered"
        assert not talking.news()

    async def test_what_telegram_refuses_comes_back_with_its_reason(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        desk.stage.api.faults.next("sendMessage", Fault.refused("wrong kind of words"))
        said = await says(desk, "您好")
        assert emoji(said) == ["💔"]
        assert "Wrong kind of words" in desk.reads()

    async def test_an_answer_to_the_web_chat_is_marked_too(self, stage: TelegramStage) -> None:
        visitor = WebBuyer(stage, "zh")
        await visitor.says("转人工")
        await stage.quiet()
        (topic,) = stage.group.topics.values()
        agent = stage.api.user(900, first_name="小周")
        said = await agent.says("您好", chat=stage.group, topic=topic.id)
        await stage.quiet()
        assert "您好" in (await visitor.hears()).text
        assert emoji(said) == ["👌"]


class TestReplies:
    async def test_an_answer_to_one_of_many_lines_says_which(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        first = await talking.user.says("蓝色的有吗")
        await talking.hears()
        await talking.says("那件多少钱")
        await talking.hears()
        (mirrored,) = [post for post in desk.posts() if "蓝色的有吗" in post.text]
        answer = await says(desk, "有的", reply_to=mirrored)
        (heard,) = talking.news()
        assert heard.reply_to == first.id
        back = await talking.user.says("那就要它", reply_to=heard)
        await talking.hears()
        assert desk.posts()[-1].reply_to == answer.id
        await says(desk, "好的", reply_to=desk.posts()[-1])
        assert talking.news()[-1].reply_to == back.id

    async def test_an_answer_to_what_the_bot_posted_is_a_plain_line(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        await says(desk, "您好", reply_to=desk.card)
        (heard,) = talking.news()
        assert heard.reply_to is None


class TestEdits:
    async def test_the_agents_edit_changes_what_the_buyer_got(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        said = await says(desk, "明天发货")
        (heard,) = talking.news()
        await desk.agent.edits(said, "后天发货")
        await desk.stage.quiet()
        assert "后天发货" in heard.text
        assert heard.edited
        assert desk.stage.told[-1].reply == "desk/agent_corrects"
        assert not talking.news()
        number = (await talking.conversation()).id
        lines = await desk.stage.database.read(lambda unit: unit.transcript(number))
        spoken = [line.text for line in lines if line.who is Speaker.AGENT]
        assert ["明天" in spoken[0], "后天" in spoken[1]] == [True, True], "what was said stays said"

    async def test_the_words_under_a_picture_change_too(self, talking: TelegramBuyer, desk: Desk) -> None:
        said = await desk.agent.sends_photo("像这样", chat=desk.stage.group, topic=desk.topic)
        await desk.stage.quiet()
        (heard,) = talking.news()
        await desk.agent.edits(said, "像那样")
        await desk.stage.quiet()
        assert "像那样" in heard.text

    async def test_an_edited_note_or_command_does_nothing(self, talking: TelegramBuyer, desk: Desk) -> None:
        note = await says(desk, "//老顾客")
        await desk.agent.edits(note, "//很老的顾客")
        command = await says(desk, "/snooze 2h")
        await desk.agent.edits(command, "/release")
        await desk.stage.quiet()
        assert (await talking.conversation()).holder is Holder.AGENT
        await desk.agent.edits(note, "老顾客")
        await desk.stage.quiet()
        assert "没有发给过买家" in desk.reads()
        assert not talking.news()

    async def test_the_buyers_edit_changes_the_post_and_is_marked(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        await talking.says("尺码 41")
        await talking.hears()
        count = len(desk.posts())
        await talking.edits("尺码 42")
        await talking.hears()
        (post,) = [one for one in desk.posts() if "尺码" in one.text]
        assert "改过" in post.text
        assert "尺码 42" in post.text
        assert len(desk.posts()) == count

    async def test_an_edit_of_one_of_several_lines_in_a_post_stands_below_it(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        async with desk.stage.silent():
            for text in ("尺码 41", "颜色要蓝的"):
                await talking.says(text)
                await desk.stage.handled()
        await desk.stage.quiet()
        (post,) = [one for one in desk.posts() if "尺码 41" in one.text]
        assert "颜色要蓝的" in post.text
        await talking.edits("颜色要黑的")
        await talking.hears()
        assert "颜色要蓝的" in post.text
        assert "颜色要黑的" in desk.posts()[-1].text
        assert desk.posts()[-1].reply_to == post.id


class TestReactions:
    async def test_both_ways(self, talking: TelegramBuyer, desk: Desk) -> None:
        said = await says(desk, "已经补发了")
        (heard,) = talking.news()
        await talking.user.reacts(heard, "❤")
        await desk.stage.quiet()
        assert emoji(said) == ["❤"]
        line = await talking.user.says("谢谢你们")
        await talking.hears()
        await desk.agent.reacts(desk.posts()[-1], "👏")
        await desk.stage.quiet()
        assert emoji(line) == ["👏"]
        await desk.agent.reacts(desk.posts()[-1], "")
        await desk.stage.quiet()
        assert emoji(line) == []
        assert not talking.news(), "nobody answers a reaction"

    async def test_reactions_to_what_has_no_copy_do_nothing(
        self, stage: TelegramStage, buyer: TelegramBuyer
    ) -> None:
        await buyer.says("你好")
        await buyer.hears()
        (hello, *_) = [one for one in buyer.user.chat.messages if one.from_bot]
        await buyer.user.reacts(hello, "👍")
        await stage.quiet()
        assert not buyer.news()
        assert not stage.group.topics


class TestMedia:
    async def test_round_videos_voice_and_stickers_both_ways(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        stage = desk.stage
        for send in (talking.user.sends_video_note, talking.user.sends_voice, talking.user.sends_sticker):
            await send()
            await stage.quiet()
        kinds = ["video_note", "voice", "sticker"]
        assert [post.media for post in desk.posts() if post.media] == kinds
        for send in (desk.agent.sends_video_note, desk.agent.sends_voice, desk.agent.sends_sticker):
            await send(chat=stage.group, topic=desk.topic)
            await stage.quiet()
        assert [message.media for message in talking.news() if message.media] == kinds

    async def test_an_album_stays_an_album_and_is_taken_back_whole(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        stage = desk.stage
        await talking.sends(3, "都碎了")
        await stage.later(timedelta(seconds=2))
        assert len({post.album for post in desk.posts() if post.media}) == 1
        parts = await desk.agent.sends_album(3, "像这样", chat=stage.group, topic=desk.topic)
        await stage.api.drained()
        await stage.later(timedelta(seconds=2))
        heard = talking.news()
        assert len({one.album for one in heard}) == 1
        assert [emoji(part) for part in parts] == [["👌"], [], []]
        await says(desk, "/delete", reply_to=parts[1])
        assert all(one.deleted for one in heard)


class TestTakingBack:
    async def test_a_visitor_of_the_web_chat_no_longer_sees_it_either(self, stage: TelegramStage) -> None:
        visitor = WebBuyer(stage, "zh")
        await visitor.says("转人工")
        await stage.quiet()
        page = ChatReading(stage.database, await visitor.number(), 0, lambda _: "")
        await page.look()
        (topic,) = stage.group.topics.values()
        agent = stage.api.user(900, first_name="小周")
        said = await agent.says("这不是我们的问题", chat=stage.group, topic=topic.id)
        await stage.quiet()
        assert "这不是我们的问题" in "".join(await page.look())
        await agent.edits(said, "这是我们的问题")
        await stage.quiet()
        assert "已更正" in "".join(await page.look()), "a correction is added"
        await agent.says("/delete", chat=stage.group, topic=topic.id, reply_to=said)
        await stage.quiet()
        assert "event: gone" in "".join(await page.look())
        again = "".join(await ChatReading(stage.database, await visitor.number(), 0, lambda _: "").look())
        assert "我们的问题" not in again

    async def test_undo_deletes_what_the_buyer_got_and_the_transcript_says_so(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        await says(desk, "这不是我们的问题")
        (heard,) = talking.news()
        await says(desk, "/undo")
        assert heard.deleted
        assert "小周 撤回了：“这不是我们的问题”" in desk.reads()
        number = (await talking.conversation()).id
        lines = await desk.stage.database.read(lambda unit: unit.transcript(number))
        assert "这不是我们的问题" in lines[-2].text
        assert "撤回了" in lines[-1].text
        assert lines[-1].who is Speaker.SYSTEM
        await says(desk, "/undo")
        assert "没有发给买家的话" in desk.reads(), "once"
        assert (await talking.conversation()).watch.waits_since, "what was taken back is no answer"

    async def test_what_was_said_by_a_drafts_button_is_shown_and_taken_back_too(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        await talking.says("退款一般多久到账")
        await talking.hears()
        await desk.taps("就这样发")
        (heard,) = talking.news()
        assert "小周 对买家说" in desk.reads()
        assert desk.stage.shown[-1] == "desk/agent_said"
        await says(desk, "/undo")
        assert heard.deleted

    async def test_undo_of_what_is_not_sent_yet_withdraws_it(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        stage = desk.stage
        async with stage.silent():
            for text in ("说错了", "/undo"):
                await desk.agent.says(text, chat=stage.group, topic=desk.topic)
                await stage.handled()
        await stage.quiet()
        assert not talking.news()
        states = [row["state"] for row in await outbox_rows(stage) if "说错了" in row["payload"]["text"]]
        assert states == ["withdrawn"]

    async def test_undo_reaches_back_a_minute_and_delete_two_days(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        said = await says(desk, "稍等")
        (heard,) = talking.news()
        await desk.stage.later(timedelta(seconds=61))
        await says(desk, "/undo")
        assert "60 秒内没有" in desk.reads()
        assert not heard.deleted
        await says(desk, "/delete", reply_to=said)
        assert heard.deleted

    async def test_what_is_older_than_two_days_stays(self, talking: TelegramBuyer, desk: Desk) -> None:
        said = await says(desk, "稍等")
        await desk.stage.later(2 * DAY + timedelta(minutes=1))
        (heard, *_) = talking.news()
        desk.reads()
        await says(desk, "/delete", reply_to=said)
        assert "超过 48 小时" in desk.reads()
        assert posted(desk)[-1] == "desk/too_old"
        assert not heard.deleted

    async def test_nobody_takes_back_a_colleagues_words_or_what_was_not_said(
        self, talking: TelegramBuyer, desk: Desk
    ) -> None:
        said = await says(desk, "稍等")
        (heard,) = talking.news()
        other = desk.stage.api.user(901, first_name="小李")
        await other.says("/delete", chat=desk.stage.group, topic=desk.topic, reply_to=said)
        await desk.stage.quiet()
        assert "只能撤回自己" in desk.reads()
        assert posted(desk)[-1] == "desk/not_yours"
        await says(desk, "/delete")
        assert "没有发给过买家" in desk.reads()
        await says(desk, "/delete", reply_to=desk.card)
        assert "没有发给过买家" in desk.reads()
        assert not heard.deleted

    async def test_what_telegram_would_not_delete_is_told(self, talking: TelegramBuyer, desk: Desk) -> None:
        await says(desk, "说错了")
        desk.stage.api.faults.next("deleteMessage", Fault.refused("message can't be deleted"))
        await says(desk, "/undo")
        assert "没能从买家那里删掉" in desk.reads()
