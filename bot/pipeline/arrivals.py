"""What comes in: stored as it came, read when its turn comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.conversation import Conversation
from bot.domain.messages import Incoming


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a channel took in, not yet looked into beyond what routing needs."""

    channel: str
    origin: str
    """What makes it the same thing when it comes twice, such as ``update:1234``."""
    payload: Mapping[str, Any]
    """The raw update as it came."""
    address: str = ""
    """The buyer's address in that channel; empty when it could not be made out."""
    conversation_id: int | None = None
    """Set when the thing belongs to a known conversation (a desk act)."""
    staff_thread: int | None = None
    """Set when it was said in a topic of the staff group: the conversation is the topic's."""
    staff_message: str = ""
    """Set when it is about a message of the staff group, and no topic is named: the conversation is the message's."""
    album: str = ""
    """Album id: the parts of an album arrive apart and are read together."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored arrival."""

    id: int
    channel: str
    payload: Mapping[str, Any]
    received_at: datetime
    attempts: int = 0
    album: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A conversation with its due rows, oldest first; nobody else works on it now."""

    conversation: Conversation
    rows: tuple[InboxRow, ...]
    yields: bool = False
    """More of its messages wait than a person writes in a row, or did just now: all others go first, in and out."""


class Reader(Protocol):
    """Reads a channel's raw payload."""

    def __call__(self, payload: Mapping[str, Any]) -> Incoming:
        """What it says; `UnreadableUpdate` when it has not the documented shape."""
        ...
