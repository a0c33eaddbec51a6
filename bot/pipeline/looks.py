"""What those who look after the shop see: who waits, how the queues stand, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import State
from bot.domain.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the agents' list."""

    conversation: Conversation
    last_line: str
    last_at: datetime | None
    state: State | None = None
    """Of the open case whose answer the shop owes soonest; None when it owes none."""
    due_at: datetime | None = None
    """When that case is decided without the shop."""


class Kind(StrEnum):
    """Where a search found something."""

    CASE = "case"
    ORDER = "order"
    PHONE = "phone"
    BUYER = "buyer"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found, with the conversation it leads to."""

    conversation_id: int
    name: str
    """The buyer's."""
    channel: str
    kind: Kind
    text: str
    """The number, or the words as they were said."""
    at: datetime | None = None
    """When they were said."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a buyer beside the conversation that is open."""

    others: tuple[Waiting, ...] = ()
    """Conversations over the same orders, in other channels or browsers; the newest first."""
    scores: Mapping[str, int] = field(default_factory=dict)
    """Case number to how well they were served there, 1 to 5."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the queues stand."""

    inbox_due: int
    inbox_oldest: datetime | None
    outbox_due: int
    outbox_oldest: datetime | None
    shunted: int
    deadlines_waiting: int
    next_deadline: datetime | None
    files_waiting: int
    """Files to be fetched from the channels that have them."""
    files_oldest: datetime | None
    conversations: Mapping[str, int] = field(default_factory=dict)
    """Holder to how many."""
    outbox: Mapping[str, int] = field(default_factory=dict)
    """Outbox state to how many, but for those that were sent: nearly all there ever were."""
    uncertain: int = 0
    """Sends whose arrival could not be known and that were repeated."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How many rows of a queue wait, and since when the oldest does."""

    rows: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Depths:
    """What waits, and nothing that a look through all rows would be needed for."""

    inbox: Depth = Depth()
    outbox: Depth = Depth()
    shunt: Depth = Depth()
    files: Depth = Depth()
    deadlines: Depth = Depth()
    """`oldest` is when the next one comes due."""
    people: Depth = Depth()
    """Conversations that wait for a person."""


@dataclass(frozen=True, slots=True)
class Shunted:
    """A row on the shelf, for a person to look at."""

    id: int
    channel: str
    origin: str
    received_at: datetime
    error: str
    conversation_id: int | None
