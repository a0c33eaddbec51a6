"""The double of the Bot API is as strict as the original: how fast one may write, and what goes wrong when told to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.doubles.bot_api import BotApi, Fault, Group, Limits, User
from tests.doubles.clients import STAFF, Clock, Raw, bot_of


class TestLimits:
    @pytest.fixture
    async def api(self, clock: Clock) -> AsyncIterator[BotApi]:
        async with BotApi(clock=clock, limits=Limits(chat_burst=3)) as api:
            yield api

    async def test_twenty_a_minute_in_a_group_over_all_topics(
        self, bot: Bot, group: Group, clock: Clock
    ) -> None:
        threads = [group.open_topic(name).id for name in ("a", "b")]
        for number in range(20):
            await bot.send_message(STAFF, "hi", message_thread_id=threads[number % 2])
            clock.moves(1)
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(STAFF, "hi")

        assert refused.value.retry_after == timedelta(seconds=40)
        clock.moves(40)
        await bot.send_message(STAFF, "hi")

    async def test_one_a_second_in_private_after_a_burst(self, bot: Bot, buyer: User, clock: Clock) -> None:
        for _ in range(3):
            await bot.send_message(42, "hi")
        with pytest.raises(RetryAfter):
            await bot.send_message(42, "hi")
        clock.moves(1)
        await bot.send_message(42, "hi")

    async def test_thirty_a_second_overall(self, api: BotApi, bot: Bot) -> None:
        for number in range(1, 32):
            await api.user(number).says("hi")
        for number in range(1, 31):
            await bot.send_message(number, "hi")
        with pytest.raises(RetryAfter):
            await bot.send_message(31, "hi")

    async def test_a_refusal_tells_when_to_come_back(self, raw: Raw, buyer: User) -> None:
        answers = [await raw("sendMessage", json={"chat_id": 42, "text": "hi"}) for _ in range(4)]

        assert answers[-1] == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }


class TestFaults:
    async def test_nothing_is_done(self, api: BotApi, bot: Bot, buyer: User) -> None:
        api.faults.next(
            "sendMessage", Fault.too_many(7), Fault.server_error(), Fault.bad_gateway(), Fault.dropped()
        )
        for error in (RetryAfter, NetworkError, NetworkError, NetworkError):
            with pytest.raises(error):
                await bot.send_message(42, "hi")
        api.faults.next("sendMessage", Fault.refused("CHAT_RESTRICTED"))
        with pytest.raises(BadRequest, match=r"(?i)chat_restricted"):
            await bot.send_message(42, "hi")

        assert buyer.unheard() == []
        assert not api.log.uncertain
        await bot.send_message(42, "hi")

    async def test_done_but_not_told(self, api: BotApi, buyer: User) -> None:
        faults = [Fault.accepted_then_dropped(), Fault.garbage(), Fault.accepted_then_timeout()]
        api.faults.next("sendMessage", *faults)
        async with bot_of(api, read_timeout=0.2) as bot:
            for number, error in enumerate((NetworkError, TelegramError, TimedOut)):
                with pytest.raises(error):
                    await bot.send_message(42, str(number))

        assert [message.text for message in await buyer.hears(n=3)] == ["0", "1", "2"]
        assert [call.fault for call in api.log.uncertain] == [fault.name for fault in faults]

    async def test_one_can_be_let_pass(self, api: BotApi, bot: Bot, buyer: User) -> None:
        api.faults.next("sendMessage", None, Fault.server_error())
        await bot.send_message(42, "hi")
        with pytest.raises(NetworkError):
            await bot.send_message(42, "hi")

    async def test_rates_are_the_same_for_the_same_seed(self) -> None:
        async def outcomes() -> list[str]:
            async with BotApi(seed=7, limits=Limits.off()) as api:
                api.faults.rate(Fault.server_error(), 0.5)
                await api.user(42).says("hi")
                async with bot_of(api) as bot:
                    for _ in range(20):
                        try:
                            await bot.send_message(42, "hi")
                        except NetworkError:
                            continue
                return [call.outcome for call in api.log.of("sendMessage")]

        first = await outcomes()
        assert first == await outcomes()
        assert set(first) == {"ok", "server_error (nothing done)"}
