"""What a conversation had told when a person took it over, so that nobody need ask again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cases import Reason


@dataclass(frozen=True, slots=True)
class Collected:
    """The flow that was under way, and what it knew."""

    intent: str
    order_number: str = ""
    """Named, whether or not it was proven to be theirs."""
    reason: Reason | None = None
    amount: str = ""
    """As it was said: a plain decimal, ``20%``, ``half`` or ``all``."""
    received: str = ""
    """``yes`` or ``no``."""
    files: int = 0
    """Photos and other files sent so far."""
    asked: str = ""
    """The question about a product, in the buyer's words."""
    tried: tuple[str, ...] = ()
    """The answers of the shop's guides that were told to it, by their titles."""
