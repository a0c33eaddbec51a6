"""Orders, their lines, and the parcels that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.money import Money, total

SILENT = timedelta(days=4)
"""A parcel that nobody scanned for this long is not simply on its way any more."""


class ParcelState(StrEnum):
    """Where a parcel stands, in the words carriers share."""

    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order."""

    number: int
    """Position in the order, from 1."""
    sku: str
    title: str
    quantity: int
    paid: Money
    """What the buyer paid for the whole line, discounts taken off."""
    category: str = ""


@dataclass(frozen=True, slots=True)
class ParcelEvent:
    """One scan on a parcel's way."""

    at: datetime
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order, as last known."""

    number: str
    """The carrier's tracking number (waybill)."""
    carrier: str
    """Carrier code, such as ``sf`` or ``yto``."""
    order_number: str
    state: ParcelState
    shipped_at: datetime | None = None
    eta: datetime | None = None
    """When it is expected at the buyer's; None when the carrier does not say."""
    events: tuple[ParcelEvent, ...] = ()
    """Newest first."""
    as_of: datetime | None = None
    """When this was last learned; None when it never was."""
    link: str = ""
    """The carrier's own public page for it; empty when none is known."""
    unavailable: bool = False
    """The carrier could not be asked just now; what stands here is older news."""

    @property
    def last_event(self) -> ParcelEvent | None:
        """The newest scan."""
        return self.events[0] if self.events else None

    def overdue(self, now: datetime) -> bool:
        """Should be there by now, or has not been scanned for so long that something is wrong."""
        if self.state is ParcelState.DELIVERED:
            return False
        silent = self.last_event is not None and now - self.last_event.at > SILENT
        return silent or (self.eta is not None and self.eta < now)


@dataclass(frozen=True, slots=True)
class Order:
    """What a buyer bought in one go."""

    number: str
    currency: str
    placed_at: datetime
    buyer_name: str = ""
    phone: str = ""
    """Digits only; used to prove whose order it is, never shown."""
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    completed_at: datetime | None = None
    lines: tuple[OrderLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()

    @property
    def paid(self) -> Money:
        """What was paid for all lines."""
        return total((line.paid for line in self.lines), self.currency)

    @property
    def shipped(self) -> bool:
        """True once anything of it has left the shop."""
        return self.shipped_at is not None or bool(self.parcels)

    @property
    def delivered(self) -> bool:
        """True when it was signed for, or every parcel of it was delivered."""
        arrived = [parcel.state is ParcelState.DELIVERED for parcel in self.parcels]
        return self.signed_at is not None or (bool(arrived) and all(arrived))

    @property
    def came(self) -> bool:
        """True when all of it was delivered, or a part of it."""
        return self.delivered or any(parcel.state is ParcelState.DELIVERED for parcel in self.parcels)

    @property
    def title(self) -> str:
        """The first product's name: what a buyer recognises the order by."""
        return self.lines[0].title if self.lines else self.number

    def pick(self, numbers: tuple[int, ...]) -> tuple[OrderLine, ...]:
        """The lines with these positions, all of them for an empty choice."""
        return tuple(line for line in self.lines if not numbers or line.number in numbers)
