"""A carrier that knows its parcels by their plan, and now and then can't be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.bench.dice import dice
from bot.carriers.source import ParcelRefused
from bot.domain.orders import Parcel
from bot.errors import LookupUnavailable
from bot.simulate.wares import Story


class FailingCarrier:
    """The source behind the shop's own tracker."""

    def __init__(self, seed: int, stories: Mapping[str, Story], clock: Callable[[], datetime]) -> None:
        self._seed = seed
        self._stories = stories
        self._clock = clock
        self.asked = 0
        self.failed = 0

    async def ask(self, parcel: Parcel) -> Parcel:
        """What the plan says; away for some whole hours, refuses some parcels, fails by chance."""
        now = self._clock()
        self.asked += 1
        away = dice(self._seed, "carrier", parcel.carrier, now.date(), now.hour).random() < 0.05
        chance = dice(self._seed, "carrier", parcel.number, now).random()
        if away or chance < 0.05:
            self.failed += 1
            raise LookupUnavailable(f"{parcel.carrier} does not answer")
        if chance < 0.07:
            self.failed += 1
            raise ParcelRefused(f"{parcel.carrier} does not tell about this parcel")
        story = self._stories.get(parcel.order_number)
        return story.parcel_at(now) if story and story.tracking == parcel.number else parcel

    async def close(self) -> None:
        """Nothing is held."""
