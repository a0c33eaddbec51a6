"""What is known before a message is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

WITH_PLACES = frozenset({"order", "lines", "case", "reason", "entry", "product", "received"})
"""Questions whose answers stand in a row: "2" is the second of them."""
_INVOICE = frozenset({"invoice", "made_out", "title"})
_FEEDBACK = frozenset({"feedback", "words"})
_READ_BESIDE: Mapping[str, frozenset[str]] = {
    "cause": _FEEDBACK,
    "unsaid": _FEEDBACK,
    "company": _INVOICE,
    "person": _INVOICE,
    "title": _INVOICE,
    "tax_number": _INVOICE | {"tax_number", "email"},
    "money_came": frozenset({"arrived"}),
    "score": frozenset({"score"}),
    "looked": frozenset({"looked"}),
    "called_off": frozenset({"address", "email", "subject", "tax_number", "title", "words"}),
    "why_proof": frozenset({"", "order_number", "phone_digits"}),
    "unsuited": frozenset({"reason"}),
    "again": frozenset({""}),
    "takes_it": frozenset({""}),
    "fell": frozenset({"price_protection", "order", "lines", "price"}),
}
"""Slots whose words tell other things elsewhere ("less", "good"): the questions, and the intents, with which they are read."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation knows that helps to read a message."""

    asking: str = ""
    """The slot whose answer is awaited."""
    orders: tuple[str, ...] = ()
    """The buyer's own order numbers."""
    named: str = ""
    """The number of the order that a proof is asked for, or was wrong for."""
    parcels: tuple[str, ...] = ()
    """Tracking numbers of the buyer's own parcels."""
    language: str = ""
    script: str = ""
    """``Hant`` for a buyer who wrote Traditional characters before."""
    today: date | None = None
    """The day in the shop; None when days counted from today can't be read."""
    odds: Mapping[str, float] = field(default_factory=dict)
    """How much likelier an intent is for this buyer, now, than its words alone make it: 2 turns an even chance into two to
    one. Those that are not named stay as they are."""
    lines: tuple[str, ...] = ()
    """Titles of the products that may be meant: a bare "42" is a size only where one of them has it."""
    intents: Collection[str] = ()
    """What the message may ask for."""

    def reads(self, slot: str) -> bool:
        """True where a slot's words tell what they are taught for."""
        beside = _READ_BESIDE.get(slot)
        return beside is None or self.asking in beside or not beside.isdisjoint(self.intents)
