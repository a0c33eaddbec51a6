"""A payment service in memory: takes orders to pay, pays each once, says so late, fails sometimes, repeats itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from bot.bench.dice import dice
from bot.domain.messages import Payout
from bot.errors import TryLater
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery
from bot.pipeline.payouts import CHANNEL, news
from bot.simulate.agenda import Agenda


class Payer:
    """The channel of orders to pay."""

    name = CHANNEL
    limit = None

    def __init__(self, seed: int, agenda: Agenda, tell: Callable[[Arrival], None]) -> None:
        self._seed = seed
        self._agenda = agenda
        self._tell = tell
        self._known: set[str] = set()
        self.paid: Counter[str] = Counter()
        """Refund to how often money left for it."""

    async def deliver(self, delivery: Delivery) -> str:
        """Take an order to pay; the same order again changes nothing."""
        order = json.loads(delivery.text)
        key, tries = str(order["key"]), int(order["attempt"])
        chance = dice(self._seed, "payer", key, tries, delivery.attempts).random()
        if chance < 0.08:
            raise TryLater("the payment service is busy", timedelta(minutes=7))
        if order["idempotency_key"] not in self._known:
            self._known.add(order["idempotency_key"])
            self._take(key, tries, delivery.conversation_id)
        return str(order["idempotency_key"])

    def _take(self, key: str, tries: int, conversation: int) -> None:
        """It is taken; what became of it is told some hours later, now and then twice."""
        chance = dice(self._seed, "pays", key, tries)
        pays = chance.random() < 0.88
        self.paid[key] += pays
        said = Payout(
            key,
            "succeed" if pays else "fail",
            tries,
            f"T{key}" if pays else "",
            "" if pays else "account closed",
        )
        self._tell(news(Payout(key, "send", tries, f"T{key}"), conversation))

        async def says() -> None:
            self._tell(news(said, conversation))

        later = timedelta(hours=chance.uniform(0.02, 20))
        self._agenda.after(later, says)
        if chance.random() < 0.1:
            self._agenda.after(later * 2, says)
