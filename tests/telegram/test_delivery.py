"""Replies on their way through bad weather: what Telegram refuses, delays, or swallows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from bot.channels.telegram import intake
from bot.channels.telegram.markup import MESSAGE
from bot.channels.telegram.request import Timeouts
from bot.domain.messages import Speaker
from bot.pipeline.deliveries import Draft
from bot.pipeline.turns import Outturn
from tests.doubles.bot_api import Fault
from tests.doubles.bot_api.spans import utf16_length
from tests.play.people import Agent
from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.looking import nothing_lost, outbox_rows, until_tried

WAIT = timedelta(minutes=2)


async def speaks(stage: TelegramStage, buyer: TelegramBuyer, text: str) -> None:
    """An agent says this to the buyer."""
    await Agent(stage).does((await buyer.conversation()).id, "say", text=text)


async def test_blocked_by_the_buyer_and_back_again(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    await buyer.says("你好")
    await buyer.hears()
    await buyer.user.blocks_bot()
    await speaks(stage, buyer, "在吗")
    row = (await outbox_rows(stage))[-1]
    assert (row["state"], row["attempts"]) == ("blocked", 1)
    await buyer.user.unblocks_bot()
    await speaks(stage, buyer, "您回来了")
    assert "您回来了" in (await buyer.hears()).text
    await nothing_lost(stage)


async def test_nine_thousand_characters_arrive_whole_and_in_order(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    await buyer.says("转人工")
    await buyer.hears()
    words = "".join(f"第{number}步😀<b>&amp;" for number in range(700))[:8000]
    await speaks(stage, buyer, words)
    await stage.quiet()
    parts = buyer.news()
    assert len(parts) > 2
    assert all(utf16_length(part.text) <= MESSAGE for part in parts)
    assert "".join(part.text for part in parts).partition("\n")[2] == words


async def test_markup_nobody_can_read_is_sent_as_plain_words(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    await buyer.says("你好")
    await buyer.hears()
    conversation = await buyer.conversation()
    draft = Draft("telegram", str(buyer.user.id), "broken", "<b>粗体<i>没有</b>关上</i> & <x>")
    turn = Outturn((), conversation, conversation, drafts=(draft,))
    await stage.database.write(lambda unit: unit.commit([turn], stage.clock()))
    stage.app.look()
    assert "粗体没有关上" in (await buyer.hears()).text
    stage.api.violations.clear()  # that was the double refusing the markup


@pytest.mark.parametrize("fault", [Fault.server_error(), Fault.bad_gateway()], ids=lambda fault: fault.name)
async def test_a_server_in_trouble_is_tried_again(
    fault: Fault, stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("sendMessage", fault)
    await buyer.says("你好")
    row = await until_tried(stage)
    assert (row["state"], row["uncertain"]) == ("queued", 0)
    assert row["due_at"] - stage.clock() <= timedelta(seconds=1)
    await stage.later(WAIT)
    assert len(buyer.news()) == 1


async def test_a_pause_telegram_asks_for_is_kept(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    stage.api.faults.next("sendMessage", Fault.too_many(retry_after=1))
    await buyer.says("你好")
    await buyer.hears()
    first, second = stage.api.log.of("sendMessage")
    assert second.time - first.time >= 1
    assert (await outbox_rows(stage))[-1]["uncertain"] == 0


@pytest.mark.parametrize(
    "fault",
    [Fault.accepted_then_dropped(), Fault.accepted_then_timeout(), Fault.garbage()],
    ids=lambda fault: fault.name,
)
async def test_an_answer_that_never_came_is_counted_and_the_reply_repeated(
    fault: Fault, stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    telegram = stage.app.telegram
    assert telegram
    telegram._request._timeouts = Timeouts(read=0.3)
    stage.api.faults.next("sendMessage", fault)
    await buyer.says("你好")
    row = await until_tried(stage)
    assert (row["state"], row["uncertain"]) == ("queued", 1)
    await stage.later(WAIT)
    twice = [message.text for message in buyer.news()]
    assert len(twice) == 2
    assert len(set(twice)) == 1
    status = await stage.database.read(lambda unit: unit.status())
    assert status.uncertain == 1
    conversation = await buyer.conversation()
    lines = await stage.database.read(lambda unit: unit.transcript(conversation.id))
    assert [line.who for line in lines] == [Speaker.BUYER, Speaker.BOT]


async def test_a_request_that_broke_before_it_was_read_is_repeated(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("sendMessage", Fault.dropped())
    await buyer.says("你好")
    await until_tried(stage)
    await stage.later(WAIT)
    assert len(buyer.news()) == 1


async def test_one_buyers_trouble_holds_nobody_else_up(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    stage.api.faults.next("sendMessage", Fault.server_error())
    await buyer.says("你好")
    await until_tried(stage)
    other = TelegramBuyer.who_speaks(stage, "en", "Emma", 43)
    await other.user.says("hello")
    await other.user.hears()
    assert not buyer.news()
    await stage.later(WAIT)
    assert len(buyer.news()) == 1


async def test_another_poller_is_told_clearly_and_outlived(
    stage: TelegramStage, buyer: TelegramBuyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AFTER_CONFLICT", 0.1)
    telegram = stage.app.telegram
    assert telegram
    with structlog.testing.capture_logs() as logs:
        await telegram.bot.get_updates(timeout=0)
        await stage.api.wait_for(
            lambda: any(call.code == 409 for call in stage.api.log.of("getUpdates")), what="a conflict"
        )
        await buyer.user.says("你好")
        await buyer.user.hears("您好", timeout=15)
    (told,) = [entry for entry in logs if entry["event"] == "telegram.conflict"]
    assert "another process uses this token" in told["hint"]
    await nothing_lost(stage)
