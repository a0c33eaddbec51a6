"""The door for real shop systems."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from bot.domain.orders import Order


class Source(Protocol):
    """A shop system that tells its orders by itself: one file each in this folder, once there is one.

    What it yields goes the way of the CSV files: batches of `Unit.put_orders` and `Unit.put_parcels`, in which the
    same order twice changes nothing. So a source may repeat itself, and needs no memory of what it has told.
    """

    def changed_since(self, moment: datetime | None) -> AsyncIterator[Order]:
        """Orders, with their parcels, that changed since then; all of them for None. `LookupUnavailable` when it can't be asked."""
        ...
