"""Posts to the agents' topics over real HTTP."""

from __future__ import annotations

import pytest

from bot.channels.telegram import Limits, Telegram
from bot.channels.telegram.staff import StaffChannel
from bot.channels.telegram.topics import topic_name
from bot.domain.conversation import Conversation
from bot.errors import DeliveryError, Refused, TryLater
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import Channel, Delivery
from tests.channels.telegram.conftest import Start
from tests.channels.telegram.support import STAFF_CHAT, Conversations, delivery
from tests.doubles.bot_api import BotApi, Fault, Group, User
from tests.doubles.bot_api.spans import utf16_length


def post(text: str = "有新会话", number: int = 1) -> Delivery:
    return delivery(text, number=number, address="7", channel="staff")


def out(telegram: Telegram) -> Channel:
    return telegram.channels[1]


async def test_the_first_post_opens_a_topic_and_the_next_goes_there(
    telegram: Telegram, group: Group, database: Conversations
) -> None:
    for number in range(2):
        await out(telegram).deliver(post(f"第{number}条", number))
    (topic,) = group.topics.values()
    assert topic.name == "小林 #7"
    assert database.known[7].staff_thread == topic.id
    assert [message.text for message in group.topic_messages(topic.id)] == ["第0条", "第1条"]


async def test_a_topic_deleted_by_hand_is_made_again(
    telegram: Telegram, group: Group, database: Conversations
) -> None:
    await out(telegram).deliver(post())
    old = group.topic("小林").id
    group.delete_topic(old)
    await out(telegram).deliver(post("再来", 2))
    assert database.known[7].staff_thread == group.topic("小林").id != old
    assert [message.text for message in group.topic_messages(group.topic("小林").id)] == ["再来"]


async def test_a_closed_topic_is_opened_again(telegram: Telegram, group: Group) -> None:
    await out(telegram).deliver(post())
    group.close_topic(group.topic("小林").id)
    await out(telegram).deliver(post("再来", 2))
    assert not group.topic("小林").closed
    assert len(group.topic_messages(group.topic("小林").id)) == 2


async def test_twenty_a_minute_over_all_topics_and_buyers_do_not_wait(
    start: Start, group: Group, buyer: User
) -> None:
    telegram = await start(limits=Limits())
    for number in range(20):
        await out(telegram).deliver(post(number=number))
    with pytest.raises(TryLater) as caught:
        await out(telegram).deliver(post(number=21))
    assert 50 < caught.value.after.total_seconds() <= 61
    await telegram.channels[0].deliver(delivery())
    await buyer.hears("你好")


async def test_a_pause_asked_for_in_one_topic_is_kept_in_all(
    api: BotApi, telegram: Telegram, group: Group, database: Conversations
) -> None:
    database.known[8] = Conversation(8, "telegram", "43")
    api.faults.next("createForumTopic", Fault.too_many(30))
    for address in ("7", "8"):
        with pytest.raises(TryLater) as caught:
            await out(telegram).deliver(delivery(address=address, channel="staff"))
        assert 29 < caught.value.after.total_seconds() <= 30
    assert len(api.log.of("createForumTopic")) == 1


async def test_a_topic_somebody_opened_meanwhile(telegram: Telegram, group: Group) -> None:
    await out(telegram).deliver(post())
    thread = group.topic("小林").id
    staff = out(telegram)
    assert isinstance(staff, StaffChannel)
    opened = await staff._topics._opened(Conversation(7, "telegram", "42"), Topic(thread, closed=True))
    assert opened == Topic(thread)


@pytest.mark.parametrize("trouble", ["kicked", "no rights", "no forum"])
async def test_posts_wait_for_what_the_owner_can_mend(api: BotApi, telegram: Telegram, trouble: str) -> None:
    group = api.forum_group(STAFF_CHAT, forum=trouble != "no forum")
    group.bot_can_manage_topics = trouble != "no rights"
    if trouble == "kicked":
        group.remove_bot()
    with pytest.raises(TryLater, match="staff group"):
        await out(telegram).deliver(post())


async def test_a_conversation_nobody_knows(telegram: Telegram, group: Group) -> None:
    with pytest.raises(Refused):
        await out(telegram).deliver(delivery(address="8", channel="staff"))


async def test_trouble_while_making_the_topic(
    api: BotApi, telegram: Telegram, group: Group, database: Conversations
) -> None:
    api.faults.next("createForumTopic", Fault.server_error())
    with pytest.raises(DeliveryError):
        await out(telegram).deliver(post())
    assert database.known[7].staff_thread is None


async def test_without_a_staff_group_there_is_no_staff_channel(start: Start) -> None:
    telegram = await start(staff_chat=None)
    assert [channel.name for channel in telegram.channels] == ["telegram"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "好" * 300, "😀" * 300, "\ud83d\x00"])
def test_topic_names_keep_to_the_limit(name: str) -> None:
    made = topic_name(Conversation(123456, "telegram", "1", name=name))
    assert 1 <= utf16_length(made) <= 128
    assert made.endswith("#123456")
    assert "\n" not in made
