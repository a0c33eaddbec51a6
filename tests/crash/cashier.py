"""The payment service of a trial: it has its bad moments, and calls back what it paid until the shop has heard it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import aiohttp

from tests.doubles.payment_service import PaymentService, Reply

WELL = 0.5
"""The share of orders to pay that are answered as they should be; of the others each trouble meets as many."""
TROUBLES = (
    Reply(code=500),
    Reply.status(500),
    Reply.drop(),
    Reply.drop(pays=False),
    Reply(waits=True),
)
HANGS = 2.5
"""Seconds an answer waits."""
CALLS_AFTER = (0.0, 2.0, 3.5, 5.0)
"""Seconds from the payment to the call, one of these: before its answer, or long after it."""
PATIENCE = 5.0
"""Seconds the shop gets to answer a call."""
AGAIN_AFTER = 0.3
"""Seconds; a shop that is down, or has no database, is called again."""
NEVER = frozenset({400, 404, 413})
"""Answers to what the shop never ordered."""
STORED = 202


@dataclass(slots=True)
class Cashier:
    """Beside the strict double: what goes wrong with it, and whom it calls."""

    service: PaymentService
    random: random.Random
    doors: Iterator[str] = field(default_factory=lambda: cycle(()))
    """Where it is to call, in turn, as a proxy would."""
    troubles: list[str] = field(default_factory=list)
    calling: set[asyncio.Task[None]] = field(default_factory=set)
    """Calls that were not taken yet."""
    calls: int = 0
    """Those that were."""

    @classmethod
    @asynccontextmanager
    async def open(cls, seed: int, tolerance: float) -> AsyncIterator[Cashier]:
        """It serves while this is open; tolerance: see `PaymentService`."""
        async with PaymentService(lambda: datetime.now(UTC), tolerance=tolerance) as service:
            cashier = cls(service, random.Random(seed))
            service.usual = cashier._reply
            service.on_paid.append(cashier._paid)
            try:
                yield cashier
            finally:
                for call in cashier.calling:
                    call.cancel()

    @property
    def environment(self) -> Mapping[str, str]:
        """For the processes that are to have refunds paid here."""
        return {
            "SHOUHOU_PAYOUTS__METHOD": "webhook",
            "SHOUHOU_PAYOUTS__URL": self.service.url,
            "SHOUHOU_PAYOUT_SECRET": self.service.secret,
        }

    def calls_at(self, doors: Sequence[str]) -> None:
        """The addresses of the processes that take in."""
        self.doors = cycle([f"{door}/payouts" for door in doors])

    def calm(self) -> None:
        """From now on all goes well."""
        self.service.usual = Reply
        self.service.go_on()

    def _reply(self) -> Reply:
        if self.random.random() < WELL:
            return Reply()
        reply = self.random.choice(TROUBLES)
        if reply.waits:
            asyncio.get_running_loop().call_later(HANGS, self.service.go_on)
        return reply

    def _paid(self, order: Mapping[str, Any]) -> None:
        for _ in range(self.random.choice((1, 2))):
            call = asyncio.create_task(self._tell(order, self.random.choice(CALLS_AFTER)))
            self.calling.add(call)
            call.add_done_callback(self.calling.discard)

    async def _tell(self, order: Mapping[str, Any], after: float) -> None:
        await asyncio.sleep(after)
        while (status := await self._call(order)) != STORED:
            if status in NEVER:
                self.troubles.append(f"{order['key']} was paid, and the shop answers {status} to that")
                return
            await asyncio.sleep(AGAIN_AFTER)
        self.calls += 1

    async def _call(self, order: Mapping[str, Any]) -> int:
        """The status of the answer; 0 where there is none."""
        self.service.callback_url = next(self.doors)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.service.call_back(order["key"], "succeeded", order["attempt"])
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0
