"""Who acts in the staff group: with an account of their own, without one, or no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.telegram.router import arrival
from bot.domain.authority import Amounts
from bot.domain.conversation import Holder
from bot.domain.money import Money
from bot.domain.staff import Staff, StaffRole
from bot.pipeline.ports import Unit
from bot.shop.links import sign
from tests.doubles.bot_api import User
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.looking import nothing_lost


@pytest.fixture
async def waiting(stage: TelegramStage, buyer: TelegramBuyer) -> AsyncIterator[TelegramBuyer]:
    """小林 has asked for a person."""
    await buyer.says("转人工")
    await buyer.hears()
    yield buyer
    await nothing_lost(stage)


@pytest.fixture
def agent(stage: TelegramStage) -> User:
    """Somebody in the group, whom Telegram calls 小周周."""
    return stage.api.user(900, first_name="小周周")


async def hired(stage: TelegramStage, telegram: int) -> Staff:
    def hire(unit: Unit) -> Staff:
        known = unit.add_staff("zhou", "小周", StaffRole.AGENT, stage.clock())
        unit.set_telegram(known.id, telegram)
        return known

    return await stage.database.write(hire)


async def writes(stage: TelegramStage, who: User, text: str) -> str:
    """What the topic reads after somebody wrote in it."""
    topic = stage.group.topic("小林").id
    before = len(stage.group.topic_messages(topic))
    await who.says(text, chat=stage.group, topic=topic)
    await stage.quiet()
    posts = stage.group.topic_messages(topic)[before:]
    return "\n".join(message.text for message in posts if message.from_bot)


async def test_who_has_an_account_goes_by_its_name_wherever_they_act(
    stage: TelegramStage, waiting: TelegramBuyer, agent: User
) -> None:
    staff = await hired(stage, agent.id)
    await writes(stage, agent, "您好，我来看看")
    held = await waiting.conversation()
    assert (held.holder, held.agent) == (Holder.AGENT, "小周")
    [(_, deed)] = await stage.database.read(lambda unit: unit.deeds())
    assert (deed.account, deed.name, deed.act, deed.conversation) == (staff.account, "小周", "say", held.id)
    assert (deed.before, deed.after) == (
        {"holder": "queued", "agent": ""},
        {"holder": "agent", "agent": "小周"},
    )


async def test_who_claims_or_gives_back_what_is_so_already_was_not_refused(
    stage: TelegramStage, waiting: TelegramBuyer, agent: User
) -> None:
    for command in ("/claim", "/claim", "/release", "/release"):
        await writes(stage, agent, command)
    number = (await waiting.conversation()).id
    deeds = await stage.database.read(lambda unit: unit.deeds(conversation=number))
    assert [(deed.act, deed.outcome.value) for _, deed in reversed(deeds)] == [
        ("claim", "done"),
        ("claim", "done"),
        ("release", "done"),
        ("release", "done"),
    ]


async def test_who_has_none_acts_as_an_agent_unless_the_shop_says_otherwise(
    stage: TelegramStage, waiting: TelegramBuyer, agent: User
) -> None:
    await writes(stage, agent, "/claim")
    assert (await waiting.conversation()).agent == "小周周"
    await writes(stage, agent, "/release")
    policy = stage.app._shop.policy
    closed = replace(policy, authority=replace(policy.authority, group_acts=False))
    stage.app._shop = replace(stage.app._shop, policy=closed)
    stage.told.clear()
    told = await writes(stage, agent, "您好")
    assert stage.told[-1].reply == "desk/no_account"
    assert str(agent.id) in told
    assert (await waiting.conversation()).holder is not Holder.AGENT
    await hired(stage, agent.id)
    await writes(stage, agent, "您好")
    assert (await waiting.conversation()).agent == "小周"


async def test_who_was_switched_off_says_nothing_to_buyers_any_more(
    stage: TelegramStage, waiting: TelegramBuyer, agent: User
) -> None:
    staff = await hired(stage, agent.id)
    await stage.database.write(lambda unit: unit.disable(staff.id, stage.clock()))
    await waiting.hears()
    assert "没有这个权限" in await writes(stage, agent, "您好，我来看看")
    assert "我来看看" not in (await waiting.hears()).text
    refused = await stage.database.read(lambda unit: unit.deeds())
    assert [(deed.act, deed.outcome.value) for _, deed in refused] == [("say", "refused")]


async def hidden(stage: TelegramStage, text: str, title: str) -> None:
    """An administrator who is hidden behind the group writes, under a title they chose."""
    group = {"id": stage.group.id, "type": "supergroup", "title": "Staff", "is_forum": True}
    number = 900_000 + len(text)
    message = {
        "message_id": number,
        "date": int(stage.clock().timestamp()),
        "chat": group,
        "message_thread_id": stage.group.topic("小林").id,
        "is_topic_message": True,
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
        "sender_chat": group,
        "author_signature": title,
        "text": text,
    }
    update = {"update_id": number, "message": message}
    await stage.app.intake.take([arrival(update, stage.group.id)])
    await stage.quiet()


@pytest.fixture
async def looked_at(buyer: TelegramBuyer) -> TelegramBuyer:
    """小林 has asked for a person; some updates are not Telegram's own here."""
    await buyer.says("转人工")
    await buyer.hears()
    return buyer


async def test_nobody_acts_under_the_name_of_an_account_that_is_not_theirs(
    stage: TelegramStage, looked_at: TelegramBuyer, agent: User
) -> None:
    await hired(stage, agent.id)
    await writes(stage, agent, "您好，我来看看")
    await looked_at.hears()
    same = stage.api.user(901, first_name="小周")
    stage.told.clear()
    await writes(stage, same, "我也来说一句")
    await hidden(stage, "还有我", "小周")
    assert [told.reply for told in stage.told] == ["desk/name_taken"] * 2
    assert (await looked_at.hears()).text == ""
    assert [deed.outcome.value for _, deed in await stage.database.read(lambda unit: unit.deeds())] == [
        "refused",
        "refused",
        "done",
    ]


async def test_who_hides_behind_the_group_has_no_account_either(
    stage: TelegramStage, looked_at: TelegramBuyer
) -> None:
    policy = stage.app._shop.policy
    closed = replace(policy, authority=replace(policy.authority, group_acts=False))
    stage.app._shop = replace(stage.app._shop, policy=closed)
    stage.told.clear()
    await hidden(stage, "您好", "老板")
    assert [told.reply for told in stage.told] == ["desk/no_account"]
    assert (await looked_at.conversation()).holder is Holder.QUEUED


async def test_where_there_are_accounts_two_people_are_two_of_them(
    stage: TelegramStage, buyer: TelegramBuyer, agent: User
) -> None:
    policy = stage.app._shop.policy
    much = replace(policy.authority, two_people=Amounts({"CNY": Money(1, "CNY")}))
    stage.app._shop = replace(stage.app._shop, policy=replace(policy, authority=much))
    await buyer.says(f"/start {sign('2600018002', SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("我要退款")
    await buyer.hears()
    await buyer.taps("取消并退款")
    await buyer.says("转人工")
    await buyer.hears()
    number = (await buyer.conversation()).id
    (case,) = await stage.database.read(lambda unit: unit.cases(number))
    await hired(stage, agent.id)
    stranger = stage.api.user(902, first_name="小山")

    async def approved() -> tuple[str, ...]:
        [refund] = await stage.database.read(lambda unit: unit.refunds())
        return refund.approved

    await writes(stage, stranger, f"/agree {case.number}")
    assert await approved() == (), "who can't be told from others is none of two people"
    for who, count in ((stranger, 0), (agent, 1), (agent, 1)):
        posts = stage.group.topic_messages(stage.group.topic("小林").id)
        found = [(message, name) for message in posts for name in message.labels if "审批" in name]
        await who.taps(found[-1][1], found[-1][0], chat=stage.group)
        await stage.quiet()
        assert len(await approved()) == count
