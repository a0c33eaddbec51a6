"""What those who look after the shop see: who waits, how the queues stand, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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
    """Outbox state to how many."""
    uncertain: int = 0
    """Sends whose arrival could not be known and that were repeated."""


@dataclass(frozen=True, slots=True)
class Shunted:
    """A row on the shelf, for a person to look at."""

    id: int
    channel: str
    origin: str
    received_at: datetime
    error: str
    conversation_id: int | None
