"""The messenger in memory: brings each reply to its buyer once, and remembers in which order. It fails now and then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from bot.bench.dice import dice
from bot.errors import TryLater, Uncertain
from bot.pipeline.deliveries import Delivery


class Messenger:
    """The channel that buyers of the simulated shop write in."""

    name = "web"
    limit = None

    def __init__(self, seed: int, hears: Callable[[Delivery], None]) -> None:
        self._seed = seed
        self._hears = hears
        self.arrived: Counter[int] = Counter()
        """How often each reply reached its reader."""
        self.order: dict[str, list[int]] = defaultdict(list)
        """What reached each reader, in the order it did."""
        self.failed = 0

    async def deliver(self, delivery: Delivery) -> str:
        """Bring it to its reader."""
        chance = dice(self._seed, "messenger", delivery.id, delivery.attempts).random()
        if chance < 0.01:
            self.failed += 1
            raise TryLater("too many requests", timedelta(seconds=20))
        if chance < 0.013:
            self.failed += 1
            raise Uncertain("no answer came")
        self.arrived[delivery.id] += 1
        self.order[delivery.address].append(delivery.id)
        self._hears(delivery)
        return f"m{delivery.id}"
