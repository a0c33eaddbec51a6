"""What tests of the sender do: queue replies, send them, look what became of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.pipeline.deliveries import Draft
from bot.pipeline.sender import Sender
from bot.pipeline.turns import Outturn
from tests.pipeline.rig import Rig
from tests.stores import rows


async def say(rig: Rig, who: str, *texts: str) -> None:
    """Queue replies for a buyer."""
    conversation = await rig.conversation(who)
    before = len(await rows(rig.database, "outbox"))
    drafts = tuple(Draft("web", who, f"{before + n}:0", text) for n, text in enumerate(texts))
    turn = Outturn((), conversation, conversation, drafts=drafts)
    await rig.database.write(lambda unit: unit.commit([turn], rig.clock()))


async def send(sender: Sender) -> None:
    """Until nothing more can go now."""
    while await sender.step():
        await sender.drain()


async def states(rig: Rig) -> list[str]:
    return [row["state"] for row in await rows(rig.database, "outbox")]


async def until_delivered(rig: Rig, sender: Sender, *texts: str) -> None:
    """Run the sender until these have arrived."""
    arrived = asyncio.Event()
    deliver = rig.channel.deliver

    async def watched(delivery: Any) -> str:
        ref = await deliver(delivery)
        if rig.channel.delivered == list(texts):
            arrived.set()
        return ref

    channel: Any = rig.channel
    channel.deliver = watched
    running = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(20):
            await arrived.wait()
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await sender.drain()
