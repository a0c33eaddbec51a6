"""What can be done about a problem: the options that are offered first, and who pays the postage (domain facts, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.cases import Kind, Reason, Responsibility


class Option(StrEnum):
    """A way to put a problem right."""

    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    REFUND_ONLY = "refund_only"
    KEEP_PARTIAL = "keep_partial"
    """The buyer keeps the goods and gets a part of the price back."""
    REPAIR = "repair"
    CHASE = "chase"
    """The carrier is asked."""

    @property
    def kind(self) -> Kind:
        """The kind of case it opens."""
        return _KINDS[self]


_KINDS: Mapping[Option, Kind] = {
    Option.RETURN_REFUND: Kind.RETURN_REFUND,
    Option.EXCHANGE: Kind.EXCHANGE,
    Option.RESHIP: Kind.RESHIP,
    Option.REFUND_ONLY: Kind.REFUND_ONLY,
    Option.KEEP_PARTIAL: Kind.COMPENSATION,
    Option.REPAIR: Kind.REPAIR,
    Option.CHASE: Kind.PARCEL_INQUIRY,
}

_FAULTY = (Option.RETURN_REFUND, Option.EXCHANGE, Option.KEEP_PARTIAL)
OFFERED: Mapping[Reason, tuple[Option, ...]] = {
    Reason.QUALITY: _FAULTY,
    Reason.NOT_AS_DESCRIBED: _FAULTY,
    Reason.WRONG_ITEM: _FAULTY,
    Reason.MISSING_ITEM: (Option.RESHIP, Option.KEEP_PARTIAL),
    Reason.DAMAGED: (Option.RESHIP, Option.REFUND_ONLY),
    Reason.LOST: (Option.RESHIP, Option.REFUND_ONLY),
    Reason.SIGNED_NOT_RECEIVED: (Option.CHASE,),
    Reason.NOT_RECEIVED: (Option.CHASE, Option.REFUND_ONLY),
    Reason.LATE: (Option.CHASE, Option.REFUND_ONLY),
    Reason.CHANGED_MIND: (Option.RETURN_REFUND, Option.EXCHANGE),
}
"""Reason to what is offered, first things first."""
MOST = 3
"""Options a buyer chooses among."""

_AT_FAULT: Mapping[Reason, Responsibility] = {
    Reason.QUALITY: Responsibility.SELLER,
    Reason.NOT_AS_DESCRIBED: Responsibility.SELLER,
    Reason.WRONG_ITEM: Responsibility.SELLER,
    Reason.MISSING_ITEM: Responsibility.SELLER,
    Reason.COUNTERFEIT: Responsibility.SELLER,
    Reason.SERVICE: Responsibility.SELLER,
    Reason.DAMAGED: Responsibility.CARRIER,
    Reason.LOST: Responsibility.CARRIER,
    Reason.SIGNED_NOT_RECEIVED: Responsibility.CARRIER,
    Reason.NOT_RECEIVED: Responsibility.CARRIER,
    Reason.CHANGED_MIND: Responsibility.BUYER,
    Reason.REFUSED: Responsibility.BUYER,
    Reason.WRONG_ADDRESS: Responsibility.BUYER,
}


def at_fault(reason: Reason) -> Responsibility:
    """Whose fault it is by what the buyer says, until a person judges otherwise; whoever is at fault pays the postage."""
    return _AT_FAULT.get(reason, Responsibility.UNDECIDED)


def shop_pays(responsible: Responsibility) -> bool:
    """True when the shop bears the postage towards the buyer: it claims back from the carrier itself."""
    return responsible in (Responsibility.SELLER, Responsibility.CARRIER)
