"""The double of the Bot API is as strict as the original: topics of a staff group, names, descriptions and commands of a bot."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    BotCommand,
)
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.doubles.bot_api import BotApi, Group, User
from tests.doubles.clients import STAFF, Raw, keyboard


class TestTopics:
    async def test_a_case_has_its_topic(self, api: BotApi, bot: Bot, group: Group) -> None:
        agent = api.user(9, first_name="客服")
        topic = await bot.create_forum_topic(STAFF, "小林 #123")
        thread = topic.message_thread_id
        await bot.send_message(STAFF, "问物流", message_thread_id=thread, reply_markup=keyboard("接手"))
        await agent.taps("接手", chat=group, topic=thread)
        await agent.says("您好", chat=group, topic=thread)

        tap, said = await bot.get_updates()
        assert tap.callback_query
        assert tap.callback_query.message
        assert said.message
        assert said.message.message_thread_id == thread
        assert said.message.reply_to_message
        assert said.message.reply_to_message.forum_topic_created
        assert (await agent.hears(chat=group, topic=thread)).text == "问物流"
        assert [m.text for m in group.topic_messages(thread)] == ["问物流", "您好"]

    async def test_a_deleted_topic_is_not_found(self, api: BotApi, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        group.delete_topic(topic.id)

        for thread in (topic.id, 999, 1):
            with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
                await bot.send_message(STAFF, "hi", message_thread_id=thread)
        with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
            await bot.close_forum_topic(STAFF, topic.id)
        assert await bot.send_chat_action(STAFF, "typing", message_thread_id=topic.id)
        assert api.pending == 0

    async def test_a_closed_topic_is_closed(self, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        await bot.close_forum_topic(STAFF, topic.id)
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await bot.send_message(STAFF, "hi", message_thread_id=topic.id)
        with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
            await bot.close_forum_topic(STAFF, topic.id)

        await bot.reopen_forum_topic(STAFF, topic.id)
        await bot.send_message(STAFF, "hi", message_thread_id=topic.id)

    async def test_topics_are_renamed_and_deleted_by_the_bot(self, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        await bot.edit_forum_topic(STAFF, topic.id, name="case, done")
        with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
            await bot.edit_forum_topic(STAFF, topic.id, name="case, done")
        message = await bot.send_message(STAFF, "hi", message_thread_id=topic.id)
        await message.pin()
        await bot.unpin_all_forum_topic_messages(STAFF, topic.id)
        await bot.delete_forum_topic(STAFF, topic.id)

        assert not group.topics
        assert not group.messages

    @pytest.mark.parametrize("name", ["", "x" * 129])
    async def test_names_have_a_length(self, bot: Bot, group: Group, name: str) -> None:
        with pytest.raises(BadRequest):
            await bot.create_forum_topic(STAFF, name)

    async def test_the_bot_needs_the_right(self, bot: Bot, group: Group) -> None:
        group.bot_can_manage_topics = False
        with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
            await bot.create_forum_topic(STAFF, "case")

    async def test_private_chats_are_no_forums(self, bot: Bot, buyer: User) -> None:
        with pytest.raises(BadRequest, match=r"(?i)the chat is not a forum"):
            await bot.create_forum_topic(42, "case")

    async def test_agents_close_topics_and_the_bot_is_told(self, api: BotApi, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        group.close_topic(topic.id, by=api.user(9))

        (update,) = await bot.get_updates()
        assert update.message
        assert update.message.forum_topic_closed

    async def test_the_bot_can_be_removed(self, bot: Bot, group: Group) -> None:
        group.remove_bot()
        with pytest.raises(Forbidden, match="kicked"):
            await bot.send_message(STAFF, "hi")

    async def test_chats_and_members_can_be_looked_up(self, api: BotApi, bot: Bot, group: Group) -> None:
        await api.user(9).says("hi", chat=group)
        owner = api.user(10)
        group.add_member(owner, "creator")

        assert (await bot.get_chat(STAFF)).is_forum
        members = [await bot.get_chat_member(STAFF, number) for number in (9, 10, 12345)]
        assert [str(member.status) for member in members] == ["member", "creator", "administrator"]
        with pytest.raises(BadRequest):
            await bot.get_chat_member(STAFF, 404)


class TestProfile:
    async def test_commands_by_language(self, bot: Bot) -> None:
        await bot.set_my_commands([BotCommand("start", "开始")], language_code="zh")
        assert await bot.get_my_commands() == ()
        assert (await bot.get_my_commands(language_code="zh"))[0].command == "start"
        await bot.delete_my_commands(language_code="zh")
        assert await bot.get_my_commands(language_code="zh") == ()

    @pytest.mark.parametrize(
        ("commands", "language", "complaint"),
        [
            ([("Start", "x")], "", "BOT_COMMAND_INVALID"),
            ([("x" * 33, "x")], "", "BOT_COMMAND_INVALID"),
            ([("x", "")], "", "command description must be non-empty"),
            ([("x", "y" * 257)], "", "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([("x", "y")] * 101, "", "at most 100 commands"),
            ([("x", "y")], "zho", "invalid language code specified"),
        ],
    )
    async def test_bad_commands(
        self, raw: Raw, commands: list[tuple[str, str]], language: str, complaint: str
    ) -> None:
        listed = [{"command": name, "description": words} for name, words in commands]
        answer = await raw("setMyCommands", json={"commands": listed, "language_code": language})

        assert complaint in answer["description"]

    async def test_descriptions(self, bot: Bot) -> None:
        await bot.set_my_description("退换货", language_code="zh")
        await bot.set_my_short_description("x" * 120)
        assert (await bot.get_my_description("zh")).description == "退换货"
        with pytest.raises(BadRequest, match="at most 120"):
            await bot.set_my_short_description("x" * 121)
