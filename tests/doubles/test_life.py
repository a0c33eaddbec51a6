"""The double of the Bot API is as strict as the original: how it is started, controlled and stopped."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    RetryAfter,
)

from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api.control import Control
from tests.doubles.clients import bot_of


class TestLife:
    async def test_a_fixed_port_can_be_had_again(self) -> None:
        async with BotApi() as first:
            port = first.port
        async with BotApi(port=port) as second, bot_of(second) as bot:
            assert second.base_url == f"http://127.0.0.1:{port}/bot"
            assert (await bot.get_me()).username == "shouhou_test_bot"

    async def test_it_ends_while_a_bot_still_polls(self) -> None:
        async with BotApi() as api, aiohttp.ClientSession() as session:
            poll = asyncio.create_task(session.post(f"{api.base_url}{api.token}/getUpdates?timeout=50"))
            await api.wait_for(lambda: api.polled)
        with suppress(aiohttp.ClientError):
            (await poll).release()

    async def test_it_runs_as_a_process_of_its_own(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.doubles.bot_api", "--port", "0", stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
            async with aiohttp.ClientSession() as session:
                address = line.split()[-1].removesuffix("/bot")
                async with session.get(f"{address}/control/stats") as response:
                    assert (await response.json())["injected"] == 0
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0


class TestControl:
    async def test_a_bench_puts_messages_in_and_reads_the_tally(self, api: BotApi, bot: Bot) -> None:
        api.control = Control(api)
        async with aiohttp.ClientSession() as session:

            async def control(method: str, name: str, **given: Any) -> dict[str, Any]:
                async with session.request(method, f"{api.url}/control/{name}", **given) as response:
                    answer: dict[str, Any] = await response.json()
                    return answer

            assert await control("POST", "inject", json={"messages": 6, "users": 2}) == {"started": 6}
            await api.wait_for(lambda: api.pending == 6)
            messages = [update.message for update in await bot.get_updates()]
            for message in [*messages[1:], messages[1]]:
                assert message
                assert message.text
                await bot.send_message(message.chat_id, message.text)
            stats = await control("GET", "stats")

            assert (stats["injected"], stats["replies"], stats["duplicates"]) == (6, 6, 1)
            assert (stats["missing"], stats["out_of_order"], stats["violations"]) == (1, 0, [])
            assert "there are:" in (await control("GET", "nonsense"))["error"]
            assert "error" in await control("POST", "inject", json={"massages": 6})
            rates = [{"name": "too_many", "share": 1, "retry_after": 3}]
            assert await control("POST", "faults", json={"rates": rates}) == {"rates": 1}
            with pytest.raises(RetryAfter):
                await bot.send_message(100_000, "hi")
