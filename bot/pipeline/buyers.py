"""Buyers as persons: all that is known to be one person's, whatever the channel, to be handed out or erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.cases import Case
from bot.domain.conversation import Conversation
from bot.domain.feedback import Feedback
from bot.domain.orders import Order
from bot.domain.refunds import Refund

ERASED = "erased"
"""The channel of a conversation whose buyer was erased; its address is its own number, and nobody is reached by it."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """One person: the conversations that have proven the same orders, and these orders."""

    conversations: tuple[Conversation, ...] = ()
    orders: tuple[Order, ...] = ()
    """Proven in these conversations, or asked for by their own number."""
    unproven: tuple[Order, ...] = ()
    """Bought under the name and phone number of one of these orders, or the phone number that was asked for, and proven by
    nobody."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the conversations."""
        return tuple(one.id for one in self.conversations)

    @property
    def order_numbers(self) -> tuple[str, ...]:
        """Of all orders, proven or not."""
        return tuple(one.number for one in (*self.orders, *self.unproven))


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What is not over yet for a buyer."""

    cases: tuple[Case, ...] = ()
    """Open."""
    refunds: tuple[Refund, ...] = ()
    """Money that is owed, and has not been paid."""

    def __bool__(self) -> bool:
        return bool(self.cases or self.refunds)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that came in or goes out, as it is stored."""

    channel: str
    state: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a conversation beside what was said."""

    came: tuple[Row, ...] = ()
    """What came in and still is as it came, oldest first."""
    leaves: tuple[Row, ...] = ()
    """What waits to be sent to the buyer."""
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of a buyer's rows."""

    rows: Mapping[str, int]
    """Table to how many of its rows were deleted, or are without the person now."""
    files: int
    """Files that go from the disk unless somebody else has sent the same."""
    topics: tuple[int, ...]
    """Topics of the staff group that were theirs."""
