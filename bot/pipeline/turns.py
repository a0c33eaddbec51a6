"""What a turn knows of its conversation, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Deed
from bot.domain.cases import Case
from bot.domain.conversation import Conversation
from bot.domain.decision import Effect
from bot.domain.explanation import Explanation
from bot.domain.messages import Attachment, Speaker
from bot.domain.orders import Order, Parcel
from bot.domain.refunds import Refund
from bot.pipeline.arrivals import InboxRow
from bot.pipeline.deliveries import Draft, Rendered


class Track(Protocol):
    """Asks carriers."""

    async def __call__(self, parcel: Parcel) -> Parcel:
        """The newest news of the parcel, or the old news marked unavailable; never raises, never waits long."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript."""

    who: Speaker
    text: str
    at: datetime
    name: str = ""
    """The agent's name."""
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    id: int = 0
    """Position in the store, for reading on from."""
    key: str = ""
    """The outbox key of a line that is sent; empty for what was heard."""
    delivery: str = ""
    """Outbox state of a line that was sent: queued, sending, sent, blocked, failed."""
    meaning: Explanation | None = None
    """What the buyer's words were understood to mean; None for taps, commands, files without words, and all others' lines."""
    reply: str = ""
    """The name of the reply it was made from, such as ``request_refund/amount``; empty for what was heard."""
    gone: bool = False
    """An agent took it back; a buyer who reads the transcript no longer sees it."""
    also: Mapping[str, Rendered] = field(default_factory=dict)
    """A note to the agents in the shop's other languages; empty for what buyers read or wrote."""

    def worded(self, language: str) -> Line:
        """As an agent reads it whose page is in that language; as it stands where there are no such words."""
        other = self.also.get(language)
        return replace(self, text=other.text, buttons=other.buttons) if other else self


@dataclass(frozen=True, slots=True)
class Outturn:
    """All that one row's turn came to, ready to commit."""

    rows: tuple[InboxRow, ...]
    conversation: Conversation
    before: Conversation
    effects: tuple[Effect, ...] = ()
    lines: tuple[Line, ...] = ()
    drafts: tuple[Draft, ...] = ()
    deeds: tuple[Deed, ...] = ()
    """What a person did, for the audit."""
    actor: int | None = None
    """The id of who did it, if they have an account."""
    about: str = ""
    """The intent of what the buyer wrote, or of the talk it went on with; ``none`` where nothing the shop is asked comes near. Of
    what was not words, what it was: ``tap``."""
    in_words: bool = False
    """There was something to understand."""
    guessed: tuple[str, ...] = ()
    """The numbers of orders that a wrong proof may have been of."""
    yields: bool = False
    """The buyer floods: what others are told goes out first."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of one conversation's buyer."""

    orders: tuple[Order, ...] = ()
    cases: tuple[Case, ...] = ()
    refunds: tuple[Refund, ...] = ()
    on_their_way: frozenset[str] = frozenset()
    """Keys of refunds whose order to pay may have reached whoever pays."""
    buttons: tuple[tuple[str, str], ...] = ()
    """Buttons shown lately in this conversation as (label, payload), newest line first."""
