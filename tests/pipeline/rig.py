"""A small rig: the real store, phrases and replies, a clock moved by hand, a channel and carriers that do as told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.channels.web import reader
from bot.config import load
from bot.desk.reader import act
from bot.domain.conversation import Conversation
from bot.domain.decision import Say
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelState
from bot.folder.shop_folder import Contents
from bot.opening import open_shop
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deadlines import Deadlines
from bot.pipeline.deliveries import Delivery, Limit, Render, Rendered
from bot.pipeline.intake import Intake
from bot.pipeline.looks import Shunted, Status
from bot.pipeline.sender import Sender
from bot.pipeline.shop import Shop
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Step, Worker
from bot.store.database import SqlDatabase
from tests.play.clock import OPENING
from tests.stores import rows


class HandClock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = OPENING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Words:
    """The shop's replies, with a note of each one, and its name remembered by its text; those listed fail."""

    render: Render
    names: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    said: list[Say] = field(default_factory=list)

    def __call__(self, say: Say, language: str) -> Rendered:
        if say.reply in self.broken:
            raise ZeroDivisionError(f"{say.reply} fails")
        rendered = self.render(say, language)
        self.names[rendered.text] = say.reply
        self.said.append(say)
        return rendered


class Carriers:
    """Answer at once that the parcel is on its way, or as `answer` says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[Parcel], Awaitable[Parcel]] | None = None

    async def __call__(self, parcel: Parcel) -> Parcel:
        self.asked.append(parcel.number)
        return await self.answer(parcel) if self.answer else parcel


class Recorder:
    """A channel that writes down what it delivers and fails as told."""

    def __init__(self, name: str = "web") -> None:
        self.name = name
        self.limit: Limit | None = None
        self.tried: list[str] = []
        self.delivered: list[str] = []
        self.faults: list[Exception | None] = []
        """What becomes of the next tries, in order; None and afterwards: they arrive."""
        self.gate: asyncio.Event | None = None

    async def deliver(self, delivery: Delivery) -> str:
        self.tried.append(delivery.text)
        if self.gate:
            await self.gate.wait()
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.delivered.append(delivery.text)
        return f"m{delivery.id}"


class Rig:
    """Everything between the channels and the store, turned by hand."""

    def __init__(self, database: SqlDatabase, contents: Contents) -> None:
        config = load(None, {})
        shop = open_shop(config, contents)
        self.database = database
        self.clock = HandClock()
        self.words = Words(shop.render)
        self.shop: Shop = replace(shop, render=self.words)
        self.carriers = Carriers()
        self.spoke: list[set[int]] = []
        self.failed: list[Exception] = []
        """What turns failed with."""
        self.heard_of = asyncio.Event()
        """Set once a transcript grew."""
        self.to_work, self.to_send, self.to_fire = Wake(), Wake(), Wake()
        self.intake = Intake(database, self.clock, self.to_work)
        self.worker = Worker(
            database,
            lambda: self.shop,
            self.carriers,
            lambda payload, _: payload or None,
            self.clock,
            self.to_work,
            self._stepped,
        )
        self.deadlines = Deadlines(database, self.clock, self.to_fire, self.to_work)
        self.channel = Recorder()
        self._serial = count(1)

    def sender(self, *, alone: bool = True) -> Sender:
        return Sender(self.database, [self.channel], self.clock, self.to_send, alone=alone)

    # -- in

    async def write(self, who: str, text: str) -> None:
        """The buyer writes."""
        await self._take(who, reader.message(text))

    async def telegram(self, who: str, number: int, text: str, *, edited: bool = False) -> None:
        """The buyer writes, or changes, a message that their messenger has a number for."""
        person = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "zh"}
        message = {
            "message_id": number,
            "date": 1,
            "chat": {"id": 7, "type": "private"},
            "from": person,
            "text": text,
        } | ({"edit_date": 2} if edited else {})
        update = {"update_id": next(self._serial), "edited_message" if edited else "message": message}
        await self.intake.take([Arrival("telegram", f"update:{update['update_id']}", update, who)])

    async def tap(self, who: str, data: str) -> None:
        """The buyer taps the newest button whose payload ends like this."""
        found = await self.buttons(who)
        await self._take(who, reader.tap(next(payload for payload in found if payload.endswith(data))))

    async def do(self, who: str, what: str, agent: str = "小周", **more: Any) -> None:
        """An agent acts in this buyer's conversation."""
        conversation = await self.conversation(who)
        arrival = Arrival(
            "desk",
            f"desk:{next(self._serial)}",
            act(what, agent, account=f"console:{agent}", **more),
            "",
            conversation.id,
        )
        await self.intake.take([arrival])

    async def _take(self, who: str, payload: dict[str, Any]) -> None:
        await self.intake.take([Arrival("web", f"web:{next(self._serial)}", payload, who)])

    def _stepped(self, step: Step) -> None:
        self.failed += [error for _, error in step.failed]
        if step.spoke:
            self.spoke.append(step.spoke)
            self.heard_of.set()

    def places(self) -> list[int]:
        """The places in the queue for a person that were told."""
        return [int(str(say.values["position"])) for say in self.words.said if say.reply == "escalate/queued"]

    # -- on

    async def work(self) -> None:
        """Until nothing is due and no carrier is being asked."""
        busy = True
        while busy:
            waited = bool(self.worker._asking)  # what was answered during a step is taken by the next one
            busy = (await self.worker.step()).more or bool(self.worker._asking) or waited
            await asyncio.gather(*self.worker._asking.values())

    async def work_patiently(self) -> None:
        """The same, with time for every retry."""
        for _ in range(4):
            await self.work()
            self.clock.advance(seconds=10)

    # -- out

    async def heard(self, who: str) -> list[str]:
        """Names of the replies queued for this buyer."""
        return [
            self.words.names[row["payload"]["text"]]
            for row in await rows(self.database, "outbox")
            if row["address"] == who
        ]

    async def buttons(self, who: str) -> list[str]:
        """Payloads of the buttons shown to this buyer, newest reply first."""
        shown = [row for row in await rows(self.database, "outbox") if row["address"] == who]
        return [data for row in reversed(shown) for _, data in row["payload"]["buttons"]]

    async def conversation(self, who: str) -> Conversation:
        """In the web chat; on Telegram where they have only ever written there."""
        there = await self.database.read(lambda unit: unit.find_conversation("telegram", who))
        if there is not None:
            return there
        return await self.database.write(lambda unit: unit.conversation_at("web", who, self.clock()))

    async def status(self) -> Status:
        return await self.database.read(lambda unit: unit.status())

    async def shelf(self) -> list[Shunted]:
        return await self.database.read(lambda unit: unit.shunted())

    # -- the shop

    async def owns(self, who: str, *orders: Order) -> None:
        """These orders are this buyer's."""
        conversation = await self.conversation(who)

        def fill(unit: Any) -> None:
            unit.put_orders(orders)
            unit.put_parcels([parcel for order in orders for parcel in order.parcels])
            for order in orders:
                unit.link_order(order.number, conversation.id, "test", OPENING)

        await self.database.write(fill)


def unshipped(number: str = "2600018001") -> Order:
    """Paid an hour ago, still in the shop."""
    line = OrderLine(1, "S1", "加厚纯棉四件套", 1, Money(32_900, "CNY"), "bedding")
    placed = OPENING - timedelta(hours=1)
    return Order(number, "CNY", placed, "林小满", "13800001234", paid_at=placed, lines=(line,))


def on_its_way(number: str = "2600018002", tracking: str = "SF1234567890123") -> Order:
    """Shipped yesterday."""
    shipped = OPENING - timedelta(days=1)
    parcel = Parcel(tracking, "sf", number, ParcelState.IN_TRANSIT, shipped_at=shipped)
    return replace(unshipped(number), shipped_at=shipped, parcels=(parcel,))
