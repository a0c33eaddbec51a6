"""A store that keeps orders and parcels in memory: as much of `Database` and `Unit` as importing uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from bot.domain.orders import Order, Parcel
from bot.pipeline.ports import Database

T = TypeVar("T")


@dataclass
class Shelf:
    """Both the database and its unit."""

    orders: dict[str, Order] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    writes: int = 0

    @property
    def database(self) -> Database:
        return cast("Database", self)

    async def write(self, job: Callable[[Any], T]) -> T:
        self.writes += 1
        return job(self)

    def order(self, number: str) -> Order | None:
        return self.orders.get(number)

    def erased_orders(self, numbers: Iterable[str]) -> frozenset[str]:
        """Nobody was erased."""
        return frozenset()

    def put_orders(self, orders: Iterable[Order]) -> tuple[int, int]:
        return _put(self.orders, {order.number: order for order in orders})

    def put_parcels(self, parcels: Iterable[Parcel]) -> tuple[int, int]:
        return _put(self.parcels, {parcel.number: parcel for parcel in parcels})


def _put(known: dict[str, T], more: dict[str, T]) -> tuple[int, int]:
    new = len(more.keys() - known.keys())
    changed = sum(1 for number in more.keys() & known.keys() if more[number] != known[number])
    known.update(more)
    return new, changed
