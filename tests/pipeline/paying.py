"""The rig with a payment service beside it: orders to pay go out over real HTTP, and calls come in over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.channels.payout.callback import Callback
from bot.channels.payout.channel import PayoutChannel
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.desk.reader import act
from bot.domain.authority import Amounts
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Refund
from bot.pipeline.arrivals import Arrival
from bot.pipeline.payouts import CHANNEL
from bot.pipeline.sender import Sender
from tests.doubles.payment_service import PaymentService
from tests.pipeline.rig import Rig, unshipped
from tests.serving import online
from tests.stores import rows


class Paying:
    """A shop that pays by a service."""

    def __init__(self, rig: Rig, service: PaymentService) -> None:
        self.rig = rig
        self.service = service
        self.channel = PayoutChannel(
            service.url, service.secret, rig.database, rig.intake.take, rig.clock, patience=5
        )
        self._serial = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, rig: Rig) -> AsyncIterator[Paying]:
        """The service, the channel and the callback's route, all on real ports."""
        rig.shop = replace(rig.shop, policy=replace(rig.shop.policy, pays_itself=True))
        async with PaymentService(rig.clock) as service:
            paying = cls(rig, service)
            callback = Callback(rig.database, rig.intake.take, service.secret, rig.clock)
            server = WebServer(build(callback.routes(), lambda *_: {}, ("en",)), (Hub(),), "127.0.0.1", 0)
            service.callback_url = f"{server.address}/payouts"
            try:
                async with online(server):
                    yield paying
            finally:
                await paying.channel.close()

    async def orders(self) -> list[tuple[str, str]]:
        """Key and state of each order to pay."""
        found = await rows(self.rig.database, "outbox")
        return [(row["key"], row["state"]) for row in found if row["channel"] == CHANNEL]

    # -- in

    async def owed(self, who: str = "ann", number: str = "2600018001", *, released: bool = True) -> str:
        """A refund of 329.00 that an agent granted; its key. Above the limit for two where it is not released yet."""
        if not released:
            self.two_from(10_000)
        await self.rig.owns(who, unshipped(number))
        await self.rig.write(who, "我要退款")
        await self.rig.work()
        await self.rig.tap(who, "|cancel|yes")
        await self.rig.work()
        case = next(row for row in await rows(self.rig.database, "cases") if row["order_number"] == number)
        await self.rig.do(who, "agree", case=case["number"])
        await self.rig.work()
        return f"refund:{case['number']}"

    def two_from(self, minor: int) -> None:
        """Above this two people must approve."""
        policy = self.rig.shop.policy
        authority = replace(policy.authority, two_people=Amounts({"CNY": Money(minor, "CNY")}))
        self.rig.shop = replace(self.rig.shop, policy=replace(policy, authority=authority))

    async def does(self, agent: str, what: str, key: str, text: str = "", version: int = 0) -> None:
        """An agent acts on a refund, and the turn is taken."""
        await self.put(agent, what, key, text, version)
        await self.rig.work()

    async def put(self, agent: str, what: str, key: str, text: str = "", version: int = 0) -> None:
        """The same, left in the inbox."""
        found = await self.rig.database.read(lambda unit: unit.refund(key))
        assert found
        self._serial += 1
        payload = act(what, agent, account=f"console:{agent}", case=key, version=version, text=text)
        await self.rig.intake.take(
            [Arrival("desk", f"desk:pay{self._serial}", payload, conversation_id=found[1])]
        )

    # -- on

    async def send(self) -> None:
        """Until nothing more can go now, and what was answered is taken in."""
        sender = self.sender()
        while await sender.step():
            await sender.drain()
        await self.rig.work()

    async def send_patiently(self) -> None:
        """The same, with time for every retry."""
        for _ in range(8):
            await self.send()
            self.rig.clock.advance(seconds=90)

    def sender(self) -> Sender:
        return Sender(self.rig.database, [self.channel], self.rig.clock, self.rig.to_send, alone=True)

    async def killed(self) -> None:
        """What a new process does first with what the killed one was sending."""
        now = self.rig.clock()
        await self.rig.database.write(lambda unit: unit.release_leases(now, everyone=True))

    # -- what is known

    async def refund(self, key: str) -> Refund:
        found = await self.rig.database.read(lambda unit: unit.refund(key))
        assert found
        return found[0]

    async def state(self, key: str) -> str:
        return (await self.refund(key)).state.value

    async def ledger(self, key: str) -> list[LedgerLine]:
        lines = await self.rig.database.read(lambda unit: unit.ledger())
        return [line for line in lines if line.key == key]

    async def told(self, name: str) -> int:
        """How often a reply was given."""
        return sum(row["reply"] == name for row in await rows(self.rig.database, "lines"))
