"""Two senders of one bot, as processes of their own: together they keep the messenger's limits and each chat's order, also
when the one that sends is stopped, or killed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.pipeline.deliveries import STAFF as STAFF_CHANNEL
from bot.pipeline.deliveries import Draft
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.crash.process import STAFF, Served, pulse
from tests.crash.shop import Shop
from tests.doubles.bot_api import BotApi, Limits
from tests.stores import rows

PATIENCE = 30.0
CHATS = range(500, 590)
TOPICS = CHATS[:12]
A_SECOND = 30
AT_MOST = 55
"""What the messenger takes in a second: what left in good time may arrive late, with what left a second after it. Two that did
not know of each other would send 60, and go on so."""
LED = b"main/send"


class Senders(list[Served]):
    """Two processes with limits in force."""

    async def leader(self) -> Served:
        """The one that sends, once both could."""
        async with asyncio.timeout(PATIENCE):
            async for _ in pulse(0.05):
                living = [one for one in self if one.running and one.running.returncode is None]
                if all(one.up for one in living) and (found := [one for one in living if leads(one)]):
                    return found[0]
        raise AssertionError("unreachable")


def leads(one: Served) -> bool:
    return one.log.exists() and LED in one.log.read_bytes()


@asynccontextmanager
async def senders(shop: Shop, api: BotApi, folder: Path) -> AsyncIterator[Senders]:
    found = Senders(
        Served(shop, api, folder / f"sender-{number}.log", "sender", a_second=A_SECOND) for number in (1, 2)
    )
    for one in found:
        await one.start()
    try:
        yield found
    finally:
        for one in found:
            if one.running and one.running.returncode is None:
                await one.kill()


async def queue(
    database: SqlDatabase, *texts: str, channel: str = "telegram", chats: Sequence[int] = CHATS
) -> None:
    """These words, one after the other, for each chat."""

    def job(unit: SqlUnit) -> None:
        now = datetime.now(UTC)
        for chat in chats:
            talk = unit.conversation_at("telegram", str(chat), now)
            address = str(talk.id) if channel == STAFF_CHANNEL else str(chat)
            drafts = tuple(Draft(channel, address, f"{channel}:{chat}:{text}", text) for text in texts)
            unit.commit([Outturn((), talk, talk, drafts=drafts)], now)

    await database.write_alone(job)


async def test_limits_and_order_hold_when_the_one_that_sends_is_stopped_or_killed(
    tmp_path: Path, postgres_address: str
) -> None:
    shop = Shop.lay_out(tmp_path, postgres_address, 0)
    heard: dict[int, list[str]] = defaultdict(list)
    async with (
        BotApi(limits=Limits(overall_per_second=AT_MOST)) as api,
        SqlDatabase(postgres_address) as database,
        senders(shop, api, tmp_path) as both,
    ):
        api.forum_group(STAFF)
        api.world.on_sent.append(lambda message: heard[message.chat_id].append(message.text))

        def count() -> int:
            return sum(len(texts) for chat, texts in heard.items() if chat > 0)

        for chat in CHATS:
            api.user(chat).say_now("hi")
        first = await both.leader()
        await queue(database, "a", channel=STAFF_CHANNEL, chats=TOPICS)
        await queue(database, "1", "2")
        await api.wait_for(lambda: count() >= 60, PATIENCE, "the first sends")
        assert len({row["holder"] for row in await rows(database, "outbox")} - {None}) == 1, "one sends"
        assert await first.stop() == 0
        await api.wait_for(lambda: count() == 180, PATIENCE, "the second has taken over")
        assert all(texts == ["1", "2"] for chat, texts in heard.items() if chat > 0), "nothing twice"
        second = await both.leader()
        first.log.unlink()
        await first.start()
        await queue(database, "3")
        await queue(database, "b", channel=STAFF_CHANNEL, chats=TOPICS)
        await api.wait_for(lambda: count() >= 210, PATIENCE, "the second sends")
        await second.kill()
        await api.wait_for(lambda: all(heard[chat][-1] == "3" for chat in CHATS), PATIENCE, "the first again")
        assert await first.stop() == 0
        sent = await rows(database, "outbox")
    refused = [call for call in api.log if call.code == 429]
    assert refused == []
    assert len(heard[STAFF]) <= 20
    for chat in CHATS:
        assert sorted(heard[chat]) == heard[chat], "in order, though the last may be read twice"
    twice = sum(len(heard[chat]) - 3 for chat in CHATS)
    assert twice <= sum(row["uncertain"] for row in sent)
