"""What a command has somebody do: through the inbox like everything else, and taken at once where no shop is served."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

from bot.carriers import make_tracker
from bot.channels.web.rich import plain
from bot.cli.context import Here
from bot.cli.logs import keep_still
from bot.cli.secret import secret_key
from bot.desk.reader import act
from bot.domain.messages import Speaker
from bot.errors import StoreLocked
from bot.opening import open_shop
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Worker
from bot.shop.links import verify
from bot.store.database import SqlDatabase


def console(by: str) -> str:
    """The account that acts from the command line are kept under."""
    return f"console:{by}"[:64]


def have_done(
    here: Here, what: str, by: str, key: str, conversation_id: int, text: str = ""
) -> list[str] | None:
    """An agent's act on a case or a refund, called `key`; what the desk was told of it, or None when the shop that is being served does it."""
    payload = act(what, by, account=console(by), case=key, text=text)
    arrival = Arrival("desk", f"desk:{uuid4()}", payload, conversation_id=conversation_id)

    def put(unit: Unit) -> int:
        unit.receive([arrival], datetime.now(UTC))
        return max((line.id for line in unit.transcript(conversation_id, limit=1)), default=0)

    last = here.with_database(put)
    try:
        asyncio.run(_work(here))
    except StoreLocked:
        return None
    lines = here.look(lambda unit: unit.transcript(conversation_id, last))
    return [plain(line.text) for line in lines if line.who is Speaker.SYSTEM]


async def _work(here: Here) -> None:
    """Take what waits in the inbox; what needs a carrier's answer is left to the shop when it is served."""
    shop, key, config = open_shop(here.config, here.contents()), secret_key(here.config), here.config

    def clock() -> datetime:
        return datetime.now(UTC)

    keep_still()

    async def phone_of(order_number: str) -> str:
        order = await database.read(lambda unit: unit.order(order_number))
        return order.phone if order else ""

    async with SqlDatabase(config.storage.url, shop=config.storage.shop) as database:
        tracker = make_tracker(config, clock, phone_of)
        worker = Worker(
            database,
            lambda: shop,
            tracker,
            lambda link, at: verify(link, key, at),
            clock,
            Wake(),
            lambda _: None,
        )
        try:
            while (step := await worker.step()).more or step.wanted:
                await worker.drain()
        finally:
            await tracker.close()
