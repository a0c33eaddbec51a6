"""What goes out: worded, queued, leased, brought to its reader, settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.decision import Say
from bot.domain.manner import PLAIN, Manner
from bot.domain.messages import Attachment

STAFF = "staff"
"""The channel that carries desk posts to the staff group; its address is the conversation's id."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply as it will be read: text with a few tags (b i u s code a), buttons as (label, payload)."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Render(Protocol):
    """Turns a `Say` into words."""

    def __call__(self, say: Say, language: str) -> Rendered:
        """The words in that language; `TemplateError` when the template fails on these values."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be put in the outbox."""

    channel: str
    address: str
    key: str
    """Idempotency key: the same key is queued once."""
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    manner: Manner = PLAIN


@dataclass(frozen=True, slots=True)
class Delivery:
    """A leased outbox row: to be brought to its reader now."""

    id: int
    conversation_id: int
    channel: str
    address: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]
    attempts: int
    language: str = ""
    uncertain: int = 0
    """Of the attempts before: those that may have arrived although no answer came."""
    manner: Manner = PLAIN
    key: str = ""
    joined: tuple[int, ...] = ()
    """Further rows whose words are in this one, to be settled with it."""
    row: int | None = None
    """The inbox row whose turn said it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that stands in a chat, and what it is the copy of."""

    channel: str
    ref: str
    """The messenger's mark of it."""
    key: str
    """The outbox key it was sent by."""
    of: str = ""
    """The message of the other chat that it carries over; empty where that has no mark."""


class Outcome(StrEnum):
    """What became of a delivery."""

    SENT = "sent"
    RETRY = "retry"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery's outcome, to be written down."""

    id: int
    outcome: Outcome
    ref: str = ""
    """The channel's own ids of its messages, blanks between them."""
    error: str = ""
    retry_at: datetime | None = None
    uncertain: bool = False
    """It may have arrived although no answer came: the retry may be a duplicate, and is counted."""
    joined: tuple[int, ...] = ()
    """Rows that went with it."""
    conversation_id: int = 0
    copies: tuple[Copy, ...] = ()
    """What stands in the reader's chat now, to be found again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out in one piece."""

    channel: str
    address: str
    at: datetime
    refs: str
    """The channel's own ids of its messages, blanks between them."""

    @property
    def messages(self) -> int:
        """How many they were."""
        return len(self.refs.split())


class Limit(Protocol):
    """How much a messenger takes over all readers. What is beyond it stays in the queue, so that whoever comes next is chosen when
    there is room."""

    def free(self) -> int:
        """How many messages it takes now."""
        ...

    def pause(self) -> float:
        """Seconds until it takes some more."""
        ...


class Channel(Protocol):
    """A way to reach readers."""

    @property
    def name(self) -> str:
        """The channel's name in the outbox."""
        ...

    @property
    def limit(self) -> Limit | None:
        """What it shares with other channels of that messenger; None for no limit."""
        ...

    async def deliver(self, delivery: Delivery) -> str:
        """Bring it to its reader; returns the channel's message ids, blanks between them. Raises a `DeliveryError` that says what to do."""
        ...
