"""The parts of the load benchmark: what buyers write, who hears it, what is made of the times."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import islice
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.bench.homophones import chinese
from bot.bench.load import crowd as crowds
from bot.bench.load import house, report
from bot.bench.load.child import Children
from bot.bench.load.crowd import FIRST_CHAT, Crowd
from bot.bench.load.messenger import Messenger
from bot.bench.load.mix import words_of
from bot.bench.load.trial import Delays, Outcome, Plan
from bot.bench.load.wares import orders_of
from bot.config import load
from bot.errors import ShouhouError
from bot.store.database import SqlDatabase


def said(number: int, count: int) -> list[str]:
    return list(islice(words_of(number, orders_of(number), chinese()), count))


def test_buyers_write_the_same_in_every_run_and_hardly_two_make_the_same_slips() -> None:
    assert said(3, 60) == said(3, 60)
    assert "270000000" in "".join(said(0, 30))
    everything = [words for number in range(100) for words in said(number, 24)]
    assert len(set(everything)) > len(everything) / 3


class Bot:
    """Answers at once, in so many messages; not at all the buyers it is told to leave out."""

    def __init__(self, answer: Callable[[int], int]) -> None:
        self.crowd: Crowd | None = None
        self.answer = answer

    def bring(self, chat: int, *_: str) -> None:
        for _time in range(self.answer(chat)):
            asyncio.get_running_loop().call_soon(self.hear, chat)

    def hear(self, chat: int) -> None:
        assert self.crowd
        self.crowd.heard(chat)


async def test_each_message_is_answered_once_whatever_the_pace() -> None:
    bot = Bot(lambda _: 1)
    bot.crowd = crowd = Crowd(10)
    for found in (await crowd.flood(bot.bring, 100), await crowd.drip(bot.bring, 20, 1000)):
        assert (found.unanswered, found.unasked) == (0, 0)
        assert len(found.delays) == found.answered
    assert crowd.answered == 20


async def test_a_buyer_who_is_not_answered_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "PATIENCE", 0.0)
    bot = Bot(lambda chat: int(chat != FIRST_CHAT))
    bot.crowd = crowd = Crowd(4)
    found = await crowd.drip(bot.bring, 4, 1000)
    assert (found.answered, found.unanswered) == (3, 1)


async def test_the_messenger_keeps_what_is_not_confirmed_and_reads_both_ways_to_ask() -> None:
    heard: list[int] = []
    async with Messenger(heard.append) as messenger, aiohttp.ClientSession(messenger.address) as bot:

        async def ask(method: str, **how: Any) -> Any:
            async with bot.post(f"/bot1:bench/{method}", **how) as answer:
                told = json.loads(await answer.read())
                assert told["ok"] is True
                return told["result"]

        waiting = asyncio.create_task(ask("getUpdates", data={"timeout": 20}))
        await messenger.polled.wait()
        messenger.bring(7, "Ann", "en", "hi")
        (update,) = await waiting
        messenger.bring(8, "Bob", "en", "hello")
        again = await ask("getupdates", json={"timeout": 20})
        assert [one["message"]["text"] for one in again] == ["hi", "hello"]
        (rest,) = await ask("getUpdates", data={"offset": update["update_id"] + 1})
        assert rest["message"]["chat"] == {"id": 8, "first_name": "Bob", "type": "private"}
        sent = await ask("sendMessage", json={"chat_id": 7, "text": "你好 \U0001f600"})
        assert sent["text"] == "你好 \U0001f600"
        assert await ask("setMyCommands", json={}) is True
    assert heard == [7]


def test_figures_stand_beside_the_echo_bots() -> None:
    echo = Outcome(100, 2, None, Delays(5, 9), Delays(50, 90), 0.001, (50, 51, 52), 10, 0, 0, 0.1)
    ours = Outcome(350, 0.5, 0.2, Delays(6, 20), Delays(40, 80), 0.004, (), 10, 1, 2, 0.2)
    found = {"echo bot": echo, "SQLite": ours}
    table = {row[0]: row[1:] for row in report.table(found, Plan(10, 50, 1), "echo bot")}
    assert table["messages/s at saturation"] == ("100 (1.0×)", "350 (3.5×)")
    assert table["memory after all of it, MiB"] == ("52", "-")
    assert table["not answered"] == ("0", "1")
    alone = report.as_json({"SQLite": ours}, Plan(10, 50, 1), "echo bot")
    assert (alone["ratio"], alone["bots"]["SQLite"]["steady"]) == ({}, {"p50": 6, "p99": 20})


def test_an_echo_bot_that_answered_nobody_is_no_measure_for_others() -> None:
    silent = Outcome(0, 0, None, Delays(0, 0), Delays(0, 0), 0.001, (), 0, 10, 0, 0.1)
    told = report.as_json({"echo bot": silent, "SQLite": silent}, Plan(10, 50, 1), "echo bot")
    assert told["ratio"] == {}


async def test_a_shop_by_another_name_has_the_orders_its_buyers_ask_for(tmp_path: Path) -> None:
    settings = load(None, {"SHOUHOU_STORAGE__SHOP": "tea"})
    config = house.prepared(settings, tmp_path, "", "http://127.0.0.1:1")
    await house.fill(config, 2)
    async with SqlDatabase(config.storage.url, shop="tea") as database:
        assert await database.read(lambda unit: unit.order(orders_of(1)["sent"]))


def test_a_bot_that_ends_while_it_is_measured_is_said_to_have() -> None:
    here, there = Pipe()
    there.close()
    with here, pytest.raises(ShouhouError, match="ended while it was measured"):
        Children([here]).need()
