"""Money leaves once whatever comes together: an honest service in any trouble, kills at any moment, agents who press anything."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.domain.ledger import problems
from bot.domain.refunds import RefundState
from tests.doubles.payment_service import PaymentService, Reply
from tests.pipeline.paying import Paying
from tests.pipeline.rig import Rig

NUMBERS = ("2600018001", "2600018002", "2600018003")
BUYERS = ("ann", "bob", "eve")
AGENTS = ("小周", "小王", "老板")


TREATMENTS = {
    Reply(): 1,
    Reply(code=503): 4,
    Reply(body={"event": "succeeded"}): 1,
    Reply(calls=("succeeded",)): 1,
    Reply(calls=("succeeded",), drops=True): 1,
    Reply.drop(): 6,
    Reply.drop(pays=False): 2,
    Reply.status(429): 3,
    Reply.status(500): 2,
    Reply.status(403): 6,
    Reply.status(422, {"event": "failed", "reason": "no"}): 2,
}
"""What becomes of a request, and how often: mostly what leaves in doubt whether money has left."""


class Day:
    """Some hours of a shop in which much goes wrong."""

    def __init__(self, paying: Paying, seed: int) -> None:
        self.paying = paying
        self.service = paying.service
        self.dice = random.Random(seed)
        self.keys: list[str] = []
        self.by_hand: set[str] = set()

    async def play(self, steps: int) -> None:
        """Three refunds, and whatever happens to them."""
        for who, number in zip(BUYERS, NUMBERS, strict=True):
            self.keys.append(await self.paying.owed(who, number, released=self.dice.random() < 0.6))
        for _ in range(steps):
            self.service.next = self.dice.choices(*zip(*TREATMENTS.items(), strict=True), k=6)
            await self.dice.choice(
                (self.sends, self.sends, self.acts, self.acts, self.calls, self.is_killed)
            )()
            self.paying.rig.clock.advance(seconds=self.dice.choice((1, 20, 300)))

    async def ends(self) -> None:
        """The service is well again, and says of everything it paid that it did."""
        self.service.next = []
        await self.paying.send_patiently()
        for order in list(self.service.payments):
            assert await self.service.call_back(order["key"], "succeeded", order["attempt"]) == 202
        await self.paying.rig.work()

    async def sends(self) -> None:
        await self.paying.send()

    async def acts(self) -> None:
        """Two agents at once, on the same refund; who says that it failed, or that it is paid, has looked it up."""
        key = self.dice.choice(self.keys)
        events = ["approve", "retry", "cancel", "succeed"] + ["fail"] * (not self.service.paid(key))
        before = (await self.paying.refund(key)).state
        for _ in range(2):
            await self.paying.put(self.dice.choice(AGENTS), self.dice.choice(events), key, "why")
        await self.paying.rig.work()
        if (
            before is not RefundState.DONE
            and not self.service.paid(key)
            and await self.paying.state(key) == "done"
        ):
            self.by_hand.add(key)

    async def calls(self) -> None:
        """The service calls back about something it paid."""
        if self.service.payments:
            order = self.dice.choice(self.service.payments)
            await self.service.call_back(order["key"], "succeeded", order["attempt"])
            await self.paying.rig.work()

    async def is_killed(self) -> None:
        """In the middle of sending; the next process goes on."""
        self.service.next = [Reply(waits=True)] * len(self.keys)
        sender = self.paying.sender()
        await sender.step()
        tasks = list(sender._under_way)
        if tasks and self.dice.random() < 0.7:
            held = asyncio.ensure_future(self.service.holding.wait())
            await asyncio.wait([held, *tasks], return_when="FIRST_COMPLETED")
            held.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.service.go_on()
        await self.paying.killed()


@pytest.mark.parametrize("seed", range(8))
async def test_money_leaves_once(rig: Rig, seed: int) -> None:
    async with Paying.open(rig) as paying:
        day = Day(paying, seed)
        await day.play(40)
        await day.ends()
        service: PaymentService = day.service
        for key in day.keys:
            refund = await paying.refund(key)
            assert service.paid(key) + (key in day.by_hand) <= 1, (seed, key)
            assert (refund.state is RefundState.DONE) == bool(service.paid(key) + (key in day.by_hand)), (
                seed,
                refund,
            )
            if refund.state is RefundState.CANCELLED:
                assert service.paid(key) == 0
        refunds = await rig.database.read(lambda unit: unit.refunds())
        lines = await rig.database.read(lambda unit: unit.ledger())
        paid = await rig.database.read(lambda unit: unit.paid(NUMBERS))
        assert list(problems(refunds, lines, paid)) == []
        assert service.violations == []
        assert await rig.shelf() == []
