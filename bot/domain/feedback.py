"""What buyers say of the shop when they want nothing: a suggestion, and how well a case was served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """What a suggestion is about."""

    SIZE = "size"
    QUALITY = "quality"
    PACKAGING = "packaging"
    DELIVERY = "delivery"
    PRICE = "price"
    CHOICE = "choice"
    """Colours, sizes or articles the shop does not have."""
    PAGE = "page"
    """The product page, the manual, the site."""
    SERVICE = "service"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One line of what buyers would have otherwise: product and cause, and the buyer's own words."""

    conversation_id: int
    order_number: str
    """Empty where it is about no order."""
    sku: str
    """Of the product; empty where none is known."""
    cause: Cause
    words: str
    at: datetime


LEAST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class Score:
    """How well a buyer was served in a case; told again it counts anew."""

    case: str
    score: int
    """`LEAST` to `BEST`."""
    words: str
    """Why, where the buyer said so."""
    at: datetime
