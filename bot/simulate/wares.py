"""Orders that live: bought, shipped, carried, delivered, held up or lost by a plan that is drawn beforehand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from bot.simulate.words import read_script

_COMPLETED_AFTER = timedelta(days=10)
_PLACES = ("Hangzhou", "Wuhan", "Changsha", "Chengdu", "Portland")
_CURRENCY = {"zh": "CNY", "en": "USD"}


@dataclass(frozen=True, slots=True)
class Story:
    """One order from its first day to its last."""

    order: Order
    """As it is placed and paid."""
    carrier: str
    tracking: str
    ships: datetime
    scans: tuple[datetime, ...]
    arrives: datetime | None
    """None for a parcel that is lost, or stands still somewhere."""

    def at(self, now: datetime) -> Order:
        """The order as the shop knows it then, with its parcel."""
        if now < self.ships:
            return self.order
        arrived = self.arrives is not None and self.arrives <= now
        over = self.arrives + _COMPLETED_AFTER if self.arrives else None
        return replace(
            self.order,
            shipped_at=self.ships,
            signed_at=self.arrives if arrived else None,
            completed_at=over if over and over <= now else None,
            parcels=(self.parcel_at(now),),
        )

    def parcel_at(self, now: datetime) -> Parcel:
        """The parcel as its carrier knows it then."""
        events = [
            ParcelEvent(at, "scanned", place)
            for at, place in zip(self.scans, _PLACES, strict=False)
            if at <= now
        ]
        state = ParcelState.IN_TRANSIT if events else ParcelState.COLLECTED
        if self.arrives and self.arrives <= now:
            state = ParcelState.DELIVERED
            events.append(ParcelEvent(self.arrives, "delivered", _PLACES[-1]))
        return Parcel(
            self.tracking,
            self.carrier,
            self.order.number,
            state,
            shipped_at=self.ships,
            eta=self.ships + timedelta(days=4),
            events=tuple(reversed(events)),
            as_of=events[-1].at if events else self.ships,
        )


class Warehouse:
    """Draws orders."""

    def __init__(self) -> None:
        self._goods: list[dict[str, Any]] = read_script("goods.yaml")
        self._count = 0

    def draw(self, dice: random.Random, language: str, name: str, phone: str, placed: datetime) -> Story:
        """An order of this buyer, of one line or several, of which not everything goes well."""
        self._count += 1
        number = f"27{self._count:08d}"
        currency = _CURRENCY.get(language, "CNY")
        chosen = dice.sample(self._goods, dice.choices((1, 2, 3), (65, 25, 10))[0])
        paid_at = placed + timedelta(minutes=1) if dice.random() < 0.98 else None
        order = Order(
            number,
            currency,
            placed,
            name,
            phone,
            paid_at=paid_at,
            lines=tuple(_lines(dice, chosen, language, currency)),
        )
        ships = placed + timedelta(hours=dice.choices((12, 36, 90), (50, 38, 12))[0] + dice.random() * 12)
        if paid_at is None:
            ships = placed + timedelta(days=3650)
        days = sorted(dice.uniform(0.2, 4) for _ in range(3))
        scans = tuple(ships + timedelta(days=each) for each in days)
        fate = dice.random()
        carrier, tracking = _waybill(dice, self._count, language)
        arrives = (
            None if fate < 0.06 else scans[-1] + timedelta(days=dice.uniform(0.3, 3 if fate < 0.9 else 9))
        )
        return Story(order, carrier, tracking, ships, scans[: 1 if arrives is None else 3], arrives)


def _lines(
    dice: random.Random, chosen: Sequence[dict[str, Any]], language: str, currency: str
) -> Iterator[OrderLine]:
    for number, ware in enumerate(chosen, 1):
        lowest, highest = ware[currency]
        quantity = dice.choices((1, 2, 3), (80, 15, 5))[0]
        paid = Money(dice.randrange(lowest * 100, highest * 100, 10) * quantity, currency)
        yield OrderLine(
            number,
            ware["sku"],
            ware[language if language in ware else "zh"],
            quantity,
            paid,
            ware["category"],
        )


def _waybill(dice: random.Random, serial: int, language: str) -> tuple[str, str]:
    if language == "en":
        return "fedex", f"7700{serial:08d}"
    return dice.choice((("sf", f"SF13{serial:011d}"), ("yto", f"YT73{serial:011d}")))
