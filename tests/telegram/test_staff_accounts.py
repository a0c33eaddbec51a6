"""Who acts in the staff group: with an account of their own, without one, or no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.conversation import Holder
from bot.domain.staff import Staff, StaffRole
from bot.pipeline.ports import Unit
from tests.doubles.bot_api import User
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
