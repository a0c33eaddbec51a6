"""Polling: stored first, confirmed after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import Telegram
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.router import ALLOWED_UPDATES
from bot.errors import ShouhouError
from tests.channels.telegram.conftest import Start
from tests.channels.telegram.support import STAFF_CHAT, Inbox
from tests.doubles.bot_api import BotApi, Fault, Group, User


@asynccontextmanager
async def receiving(telegram: Telegram) -> AsyncIterator[None]:
    task = asyncio.create_task(telegram.receive())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_update_is_stored_raw_and_then_confirmed(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    sent = api.pending_updates
    async with receiving(telegram):
        await api.drained()
    assert [arrival.payload for arrival in inbox.arrivals] == sent
    (arrival,) = inbox.arrivals
    assert (arrival.channel, arrival.address, arrival.origin) == (
        "telegram",
        "42",
        f"update:{sent[0]['update_id']}",
    )


async def test_what_could_not_be_stored_is_not_confirmed_and_comes_again(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    inbox.broken = OSError("disk full")
    async with receiving(telegram):
        await inbox.until(lambda inbox: inbox.refusals == 2)
        assert api.pending == 1
        inbox.broken = None
        await api.drained()
    assert len(inbox.arrivals) == 1


async def test_it_is_not_confirmed_while_it_is_being_stored(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    inbox.gate = asyncio.Event()
    async with receiving(telegram):
        await inbox.until(lambda inbox: inbox.under_way > 0)
        await asyncio.sleep(0.05)
        assert api.pending == 1
        inbox.gate.set()
        await api.drained()


async def test_only_what_the_bot_reads_is_asked_for(api: BotApi, telegram: Telegram, buyer: User) -> None:
    async with receiving(telegram):
        await api.drained()
    (first, *_) = api.log.of("getUpdates")
    assert first.params["allowed_updates"] == list(ALLOWED_UPDATES)
    assert api.violations == []


@pytest.mark.parametrize(
    "fault",
    [Fault.server_error(), Fault.bad_gateway(), Fault.dropped(), Fault.garbage(), Fault.too_many(1)],
    ids=lambda fault: fault.name,
)
async def test_trouble_of_the_net_only_delays(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User, fault: Fault
) -> None:
    api.faults.next("getUpdates", fault)
    async with receiving(telegram):
        await api.drained()
    assert len(inbox.arrivals) == 1


async def test_a_second_poller_is_told_about_clearly(api: BotApi, start: Start, buyer: User) -> None:
    one, two = await start(), await start()
    with capture_logs() as logs:
        async with receiving(one), receiving(two):
            await api.wait_for(lambda: any(line["event"] == "telegram.conflict" for line in logs))
    (told, *_) = [line for line in logs if line["event"] == "telegram.conflict"]
    assert "another process" in told["hint"]


async def test_a_webhook_left_behind_is_removed_before_polling(
    api: BotApi, telegram: Telegram, buyer: User
) -> None:
    await telegram.bot.set_webhook("http://127.0.0.1:9/old")
    async with receiving(telegram):
        await api.drained()
    assert api.world.webhook.setting is None


async def test_an_update_of_no_known_shape_is_stored_and_stops_nothing(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    api.raw_update({"message": "hello"})
    api.raw_update({"message": {"chat": {"id": "x", "type": "private"}}})
    api.raw_update({})
    await buyer.says("快递呢")
    async with receiving(telegram):
        await api.drained()
    assert [arrival.address for arrival in inbox.arrivals] == ["42", "", "", "", "42"]


async def test_a_tap_is_answered_although_the_store_of_replies_is_elsewhere(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    await telegram.bot.send_message(42, "退款?", reply_markup=keyboard([("是", "1|a|yes")]))
    tap = await buyer.taps("是")
    async with receiving(telegram):
        await tap.answered()
    assert inbox.arrivals[-1].payload["callback_query"]["data"] == "1|a|yes"
    assert inbox.arrivals[-1].address == "42"


async def test_taps_that_can_not_be_answered_do_not_stop_messages(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    api.faults.rate(Fault.accepted_then_timeout(), 1, "answercallbackquery")
    for number in range(20):
        api.raw_update({"callback_query": {"id": str(number), "from": {"id": 42}}})
    await buyer.says("快递呢")
    async with receiving(telegram):
        await api.drained(timeout=0.9)
    assert len(inbox.arrivals) == 22


async def test_the_parts_of_an_album_carry_its_id(
    api: BotApi, telegram: Telegram, inbox: Inbox, buyer: User
) -> None:
    await buyer.sends_album(3, "箱子")
    async with receiving(telegram):
        await api.drained()
    albums = {arrival.album for arrival in inbox.arrivals[1:]}
    assert len(albums) == 1
    assert albums != {""}


async def test_words_in_a_topic_belong_to_the_topic(
    api: BotApi, telegram: Telegram, inbox: Inbox, group: Group
) -> None:
    agent = api.user(99, first_name="Amy")
    topic = group.open_topic("小林 #7")
    await agent.says("您好", chat=group, topic=topic.id)
    await agent.says("in general", chat=group)
    await agent.says("elsewhere", chat=api.forum_group(STAFF_CHAT - 1))
    async with receiving(telegram):
        await api.drained()
    assert [(arrival.address, arrival.staff_thread) for arrival in inbox.arrivals] == [
        ("", topic.id),
        ("", None),
        ("", None),
    ]


async def test_a_wrong_token_is_told_at_the_start_without_repeating_it(start: Start) -> None:
    with pytest.raises(ShouhouError, match="TELEGRAM_BOT_TOKEN") as caught:
        await start(token="666:WRONG")
    assert "666:WRONG" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_net_that_is_down_does_not_keep_the_rest_from_starting(api: BotApi, start: Start) -> None:
    api.faults.next("getMe", Fault.dropped())
    telegram = await start()
    assert telegram.name == ""
    async with receiving(telegram):
        await api.wait_for(lambda: telegram.name or None)
    assert telegram.name == "shouhou_test_bot"
