"""What the pipeline needs of the world, and what passes through its doors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.domain.cases import Case, Entry, State
from bot.domain.conversation import Conversation
from bot.domain.decision import Effect, Say
from bot.domain.explanation import Explanation
from bot.domain.files import Filed, FileState
from bot.domain.messages import Attachment, Incoming, Speaker
from bot.domain.money import Money
from bot.domain.orders import Order, Parcel
from bot.domain.refunds import LedgerLine, Refund, RefundState

T = TypeVar("T")

STAFF = "staff"
"""The channel that carries desk posts to the staff group; its address is the conversation's id."""


# -- in -------------------------------------------------------------------------------------------------------------


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


class Reader(Protocol):
    """Reads a channel's raw payload."""

    def __call__(self, payload: Mapping[str, Any]) -> Incoming:
        """What it says; `UnreadableUpdate` when it has not the documented shape."""
        ...


# -- out ------------------------------------------------------------------------------------------------------------


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
    """The channel's own id of the message."""
    error: str = ""
    retry_at: datetime | None = None
    uncertain: bool = False
    """It may have arrived although no answer came: the retry may be a duplicate, and is counted."""


class Channel(Protocol):
    """A way to reach readers."""

    @property
    def name(self) -> str:
        """The channel's name in the outbox."""
        ...

    async def deliver(self, delivery: Delivery) -> str:
        """Bring it to its reader; returns the channel's message id. Raises a `DeliveryError` that says what to do."""
        ...


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A leased file: to be fetched now."""

    id: int
    conversation_id: int
    ref: str
    size: int
    """Bytes as the channel said, 0 when it did not."""
    attempts: int
    missed: int = 0
    """How often the channel said before that it does not have it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a fetch, to be written down."""

    id: int
    state: FileState
    """`WAITING`: to be tried again at `retry_at`."""
    sha256: str = ""
    mime: str = ""
    size: int = 0
    error: str = ""
    retry_at: datetime | None = None
    missed: bool = False
    """The channel said that it does not have it."""


class Origin(Protocol):
    """A channel that only refers to files, and hands them out when asked."""

    @property
    def name(self) -> str:
        """What its refs begin with, before the colon."""
        ...

    async def fetch(self, ref: str, most: int) -> bytes:
        """The file, of at most so many bytes. Raises `FileTooBig`, `FileGone` or `Refused`; `TryLater` when the channel
        says when to ask again, `Uncertain` when nobody knows."""
        ...


class Keep(Protocol):
    """Where files are kept."""

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        """Keep the file; the same content is kept once. Its ref is ``file:<sha256>``."""
        ...


# -- between --------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of one conversation's buyer."""

    orders: tuple[Order, ...] = ()
    cases: tuple[Case, ...] = ()
    refunds: tuple[Refund, ...] = ()
    on_their_way: frozenset[str] = frozenset()
    """Keys of refunds whose order to pay may have reached whoever pays."""


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


class Unit(Protocol):
    """One open transaction. Every method is synchronous and plain SQL; nothing here waits for anything but the database."""

    # intake
    def receive(self, arrivals: Iterable[Arrival], now: datetime) -> int:
        """Store what is new; returns how many rows that were."""
        ...

    def received(self, channel: str, origins: Iterable[str]) -> bool:
        """True when any of these is stored already."""
        ...

    def conversation_at(self, channel: str, address: str, now: datetime, name: str = "") -> Conversation:
        """The conversation of that address, begun when there is none."""
        ...

    # worker
    def claim(self, now: datetime, limit: int, skip: frozenset[int]) -> list[Claimed]:
        """Conversations whose oldest open row is due, locked for this transaction, with their due rows."""
        ...

    def strays(self, limit: int) -> list[InboxRow]:
        """Due rows that belong to no conversation: nobody can be answered, but each is looked at."""
        ...

    def finish(self, rows: Iterable[InboxRow], now: datetime) -> None:
        """Mark rows done that come to nothing."""
        ...

    def known(self, conversation_ids: Iterable[int]) -> dict[int, Known]: ...
    def order(self, number: str) -> Order | None:
        """Any order, whoever's: only to compare a proof with."""
        ...

    def orders_by_phone(self, phone: str) -> tuple[Order, ...]: ...
    def queue_length(self) -> int: ...
    def buttons(self, conversation_id: int) -> list[tuple[str, str]]:
        """Buttons shown lately in this conversation as (label, payload), newest line first."""
        ...

    def commit(self, turns: Sequence[Outturn], now: datetime) -> None: ...
    def postpone(self, rows: Iterable[InboxRow], until: datetime, error: str) -> None: ...
    def shunt(self, rows: Iterable[InboxRow], error: str) -> None: ...

    # sender
    def lease(self, now: datetime, channels: Iterable[str], limit: int) -> list[Delivery]: ...
    def settle(self, settled: Iterable[Settled], now: datetime) -> None: ...
    def release_leases(self, now: datetime, *, everyone: bool) -> int:
        """Rows left in ``sending`` by a killed process go back to the queue, counted as uncertain.

        `everyone`: no other process can be sending; otherwise only leases that ran out.
        """
        ...

    def set_thread(self, conversation_id: int, thread: int | None) -> None: ...

    # files
    def lease_files(self, now: datetime, origins: Iterable[str], limit: int) -> list[ToFetch]:
        """Files that are due to be fetched from these channels; nobody else is given them for some minutes."""
        ...

    def release_files(self, now: datetime) -> int:
        """Files a killed process was fetching are due at once; only where no other process can be fetching."""
        ...

    def settle_file(self, fetched: Fetched) -> None: ...
    def filed(self, conversation_id: int) -> dict[str, Filed]:
        """Every file of a conversation that was or is to be fetched, by ref."""
        ...

    # deadlines
    def fire(self, now: datetime) -> int:
        """Put each deadline that came due into its conversation's inbox, in order; returns how many."""
        ...

    # looking
    def conversation(self, conversation_id: int) -> Conversation | None: ...
    def find_conversation(self, channel: str, address: str) -> Conversation | None:
        """The conversation of that address; None when nothing came from there yet."""
        ...

    def transcript(self, conversation_id: int, after: int = 0, limit: int = 200) -> list[Line]: ...
    def overheard(self, limit: int = 50_000) -> dict[int, list[Line]]:
        """The newest lines of all conversations but what only the desk read, conversation by conversation, oldest first;
        without what became of those that were sent."""
        ...

    def waiting(self, limit: int = 100) -> list[Waiting]:
        """Conversations for the agents: flagged ones most urgent and longest waiting first, then those whose case waits
        for the shop, soonest deadline first, then held ones, then the newest others."""
        ...

    def cases(self, conversation_id: int) -> list[Case]: ...
    def case(self, number: str) -> Case | None:
        """Any case, whoever's; None when there is none with this number."""
        ...

    def history(self, case_number: str) -> list[Entry]: ...
    def status(self) -> Status: ...
    def shunted(self) -> list[Shunted]: ...
    def unshunt(self, row_id: int, now: datetime) -> bool:
        """Back into the inbox for another try; False when there is no such row."""
        ...

    def drop_shunted(self, row_id: int) -> bool: ...

    # money
    def refund(self, key: str) -> tuple[Refund, int] | None:
        """Any refund, with the conversation its news belong to."""
        ...

    def ordered(self, order: str) -> int | None:
        """The conversation an order to pay belongs to; None when there was none of that key."""
        ...

    def refunds(self, state: RefundState | None = None) -> list[Refund]:
        """All of a state, or all; oldest first."""
        ...

    def ledger(self, order_number: str = "") -> list[LedgerLine]:
        """Every line, or those about one order; oldest first."""
        ...

    def paid(self, order_numbers: Iterable[str]) -> dict[str, Money]:
        """What was paid for each order."""
        ...

    # orders
    def put_orders(self, orders: Iterable[Order]) -> tuple[int, int]:
        """Insert or update; returns (new, changed). Parcels are not touched."""
        ...

    def put_parcels(self, parcels: Iterable[Parcel]) -> tuple[int, int]: ...
    def link_order(self, order_number: str, conversation_id: int, how: str, now: datetime) -> None: ...


class Database(Protocol):
    """Runs jobs in transactions."""

    async def write(self, job: Callable[[Unit], T]) -> T:
        """Run the job and commit; jobs that wait at the same time may share one commit, each in its own savepoint."""
        ...

    async def write_alone(self, job: Callable[[Unit], T]) -> T:
        """Run the job in a transaction of its own."""
        ...

    async def read(self, job: Callable[[Unit], T]) -> T:
        """Run a job that only reads."""
        ...
