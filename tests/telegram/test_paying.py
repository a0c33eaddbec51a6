"""Money in the agents' group: who grants it, transfers it and says so, all by taps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.refunds import Refund, RefundState
from bot.shop.links import sign
from tests.doubles.bot_api import User
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.looking import nothing_lost, said


@pytest.fixture
async def asked(stage: TelegramStage, buyer: TelegramBuyer) -> TelegramBuyer:
    """小林 has an open application for an order not yet shipped, and has asked for a person."""
    payload = sign("2600018002", SECRET, stage.clock() + timedelta(days=1))
    await buyer.says(f"/start {payload}")
    await buyer.says("我要退款")
    await buyer.hears()
    await buyer.taps("取消并退款")
    await buyer.says("转人工")
    await buyer.hears()
    return buyer


@pytest.fixture
def agent(stage: TelegramStage) -> User:
    return stage.api.user(900, first_name="小周")


async def taps(stage: TelegramStage, who: User, act: str) -> None:
    """The newest button of the topic that does this."""
    posts = [m for m in stage.group.topic_messages(stage.group.topic("小林").id) if m.from_bot]
    label, message = next(
        (button.text, post)
        for post in reversed(posts)
        for row in post.buttons
        for button in row
        if button.data.startswith(f"desk|act|{act}:")
    )
    await who.taps(label, message, chat=stage.group)
    await stage.quiet()


async def the_refund(stage: TelegramStage) -> Refund:
    [refund] = await stage.database.read(lambda unit: unit.refunds())
    return refund


async def test_granted_transferred_and_said_so_by_taps_and_the_buyer_hears_once(
    stage: TelegramStage, asked: TelegramBuyer, agent: User
) -> None:
    await taps(stage, agent, "agree")
    assert (await the_refund(stage)).state is RefundState.CREATED
    await asked.hears()
    stage.told.clear()
    await taps(stage, agent, "succeed")
    refund = await the_refund(stage)
    assert (refund.state, said(stage)) == (RefundState.DONE, ["case/paid"])
    stage.told.clear()
    await taps(stage, agent, "succeed")
    assert (await the_refund(stage)) == refund
    assert said(stage) == []
    await nothing_lost(stage)


async def test_the_ledger_names_the_account_that_said_so(
    stage: TelegramStage, asked: TelegramBuyer, agent: User
) -> None:
    await taps(stage, agent, "agree")
    await taps(stage, agent, "succeed")
    told = await stage.database.read(lambda unit: unit.ledger())
    assert [(line.act.event.value, line.act.who) for line in told] == [
        ("create", ""),
        ("succeed", "telegram:900"),
    ]
