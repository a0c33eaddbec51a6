"""Looking into the shop's tables, and at what the bot decided to say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from bot.domain.decision import Audience
from bot.store.tables import inbox, outbox
from tests.play.telegram import TelegramStage


async def rows(stage: TelegramStage, query: Select[Any]) -> Sequence[Any]:
    """What the query finds in the shop's database."""
    return await stage.database.read(lambda unit: unit._connection.execute(query).mappings().all())


async def inbox_states(stage: TelegramStage) -> list[str]:
    """Of every update that came in, oldest first."""
    found = await rows(stage, select(inbox.c.state).where(inbox.c.channel == "telegram").order_by(inbox.c.id))
    return [row["state"] for row in found]


async def outbox_rows(stage: TelegramStage, channel: str = "telegram") -> Sequence[Any]:
    """Everything that went out or is to go."""
    return await rows(stage, select(outbox).where(outbox.c.channel == channel).order_by(outbox.c.id))


def slot_of(row: Any) -> str:
    """What a row of the outbox keeps up to date."""
    return str((row["payload"]["manner"] or {}).get("slot", ""))


async def until_tried(stage: TelegramStage, times: int = 1, channel: str = "telegram") -> Any:
    """Waits until the newest reply (or post) was tried so often, and waits for its next try or needs none."""
    async with asyncio.timeout(10):
        while True:
            found = await outbox_rows(stage, channel)
            if found and found[-1]["attempts"] >= times and found[-1]["state"] != "sending":
                return found[-1]
            await asyncio.sleep(0.003)


def said(stage: TelegramStage, to: Audience = Audience.BUYER) -> list[str]:
    """Replies since the stage was cleared, by name."""
    return [told.reply for told in stage.told if told.to is to]


async def nothing_lost(stage: TelegramStage, shunted: int = 0) -> None:
    """Every update there ever was is in the inbox once, and handled."""
    await stage.quiet()
    states = await inbox_states(stage)
    assert len(states) == stage.api.world.updates.created
    assert states.count("shunted") == shunted
    assert set(states) <= {"done", "shunted"}
