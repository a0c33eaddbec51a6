"""A group takes 20 messages a minute: what matters goes first, the rest goes together, and no buyer waits for any of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.folder.shop_folder import Contents
from tests.doubles.bot_api import Limits
from tests.play.clock import StageClock
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.telegram.desk import Desk

MANY = 24


@pytest.fixture
async def busy(tmp_path: Path, contents: Contents, template: Path) -> AsyncIterator[TelegramStage]:
    """A shop on a Telegram that keeps its limits for each chat, by the stage's clock."""
    limits = Limits(
        overall_per_second=None
    )  # whether the 31st of a second comes early by a hair is not what this is about
    async with on_telegram(tmp_path, StageClock(), contents, template=template, limits=limits) as stage:
        yield stage
        assert not stage.api.violations, "\n".join(map(str, stage.api.violations))


def most_in_a_minute(stage: TelegramStage) -> int:
    """Messages of the bot that came into the group in any minute, by Telegram's own clock."""
    times = [message.date for message in stage.group.sent]
    return max(sum(start <= time < start + 60 for time in times) for start in times)


async def passes(stage: TelegramStage, seconds: int) -> None:
    """Time, and what is due by then."""
    stage.clock.advance(timedelta(seconds=seconds))
    stage.app.look()
    await stage.paused()


async def until_all_is_posted(stage: TelegramStage) -> int:
    """Seconds until nothing waits any more."""
    for seconds in range(5, 900, 5):
        await passes(stage, 5)
        status = await stage.database.read(lambda unit: unit.status())
        if not status.outbox_due:
            return seconds
    raise AssertionError(f"posts still wait\n{stage.group.transcript}")


async def test_lines_that_wait_go_out_as_one_post_and_none_is_lost(busy: TelegramStage) -> None:
    buyer = TelegramBuyer.who_speaks(busy, "zh")
    await buyer.says("转人工")
    await busy.quiet()
    desk = Desk(busy, busy.api.user(900, first_name="小周"))
    await desk.writes("/claim")
    said = [f"第{number}句" for number in range(60)]
    async with busy.silent():
        for text in said:
            await buyer.says(text)
            await busy.handled()
    await busy.quiet()
    read = "\n".join(post.text for post in desk.posts()[1:])
    assert [read.count(f"：{text}\n") for text in said[:-1]] == [1] * 59
    assert sorted(said, key=read.index) == said
    assert len(desk.posts()) <= 5


async def test_sixty_posts_wait_and_no_buyers_reply_does(busy: TelegramStage) -> None:
    buyers = [TelegramBuyer.who_speaks(busy, "zh", f"买家{n:02}", 100 + n) for n in range(MANY)]
    async with busy.silent():
        for number, buyer in enumerate(buyers):
            for text in ("转人工", f"甲{number:02}", f"乙{number:02}"):
                await buyer.says(text)
                await busy.handled()
    for _ in range(3):  # a bot sends 30 messages a second
        await passes(busy, 1)
    waiting = (await busy.database.read(lambda unit: unit.status())).outbox_due
    assert waiting > MANY, "posts wait"
    assert [len(buyer.news()) for buyer in buyers] == [2] * MANY, "replies do not"
    assert most_in_a_minute(busy) <= 20

    late = TelegramBuyer.who_speaks(busy, "zh", "急死了", 999)
    await late.says("转人工")
    await busy.paused()
    assert late.news(), "nor does a new buyer's"

    seconds = await until_all_is_posted(busy)
    assert seconds <= 240
    assert most_in_a_minute(busy) <= 20
    refused = [call for call in busy.api.log if call.code == 429 and call.params["chat_id"] == busy.group.id]
    assert not refused, "the limit is kept before Telegram has to say so"
    for number in range(MANY):
        topic = busy.group.topic(f"买家{number:02}")
        texts = [post.text for post in busy.group.topic_messages(topic.id)]
        assert "买家要求人工" in texts[0], "the card comes first"
        assert len(texts) == 2
        assert texts[1].index(f"甲{number:02}") < texts[1].index(f"乙{number:02}")


async def test_cards_and_alarms_do_not_wait_behind_what_buyers_say(busy: TelegramStage) -> None:
    talkers = [TelegramBuyer.who_speaks(busy, "zh", f"买家{n:02}", 100 + n) for n in range(16)]
    for talker in talkers:
        await talker.says("转人工")
    await busy.quiet()
    await passes(busy, 61)
    async with busy.silent():
        for talker in talkers:
            await talker.says("在吗")
            await busy.handled()
    await busy.paused()
    assert len([post for post in busy.group.sent if "在吗" in post.text and "💬" in post.text]) == 15
    late = TelegramBuyer.who_speaks(busy, "zh", "急死了", 999)
    await late.says("转人工")
    await busy.paused()
    assert busy.group.topic("急死了").name.startswith("🔔")
    assert "买家要求人工" in busy.group.sent[-1].text
    await until_all_is_posted(busy)
