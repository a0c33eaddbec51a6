"""What comes in and what goes out, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Speaker(StrEnum):
    """Who said a line of the transcript."""

    BUYER = "buyer"
    BOT = "bot"
    AGENT = "agent"
    NOTE = "note"
    """An agent, to the other agents."""
    SYSTEM = "system"

    @property
    def internal(self) -> bool:
        """True for what is kept among agents: no buyer and no mediator ever reads it."""
        return self in (Speaker.NOTE, Speaker.SYSTEM)

    @property
    def verbatim(self) -> bool:
        """True for lines kept as they were typed: what looks like a tag in them is none."""
        return self in (Speaker.BUYER, Speaker.NOTE)


class Medium(StrEnum):
    """What kind of thing is attached to a message."""

    PHOTO = "photo"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    DOCUMENT = "document"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file (or a thing like one) that came with a message."""

    medium: Medium
    ref: str
    """Where it is: ``telegram:<file id>`` or ``file:<sha256>``; empty for a location."""
    name: str = ""
    size: int = 0
    """Bytes, 0 when not known."""
    album: str = ""
    """What it was sent together with; empty for a file sent alone."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number shared through the messenger's own button."""

    phone: str
    """Digits only."""
    own: bool
    """The messenger vouches that it is the sender's own number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped button."""

    token: str
    """Which question it belonged to; empty for a button that starts something by itself."""
    slot: str
    value: str

    @classmethod
    def parse(cls, data: str) -> Choice:
        """Read a button's payload; an odd one becomes a choice no question waits for."""
        token, slot, value = [*data.split("|", 2), "", ""][:3]
        return cls(token, slot, value)

    @property
    def data(self) -> str:
        """The payload it was read from."""
        return f"{self.token}|{self.slot}|{self.value}"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command with what followed it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class AgentAct:
    """What an agent did on the desk: an act of the desk, or a line to the buyer."""

    act: str
    """``say``, ``note`` (agents among themselves), ``claim``, ``release``, a case event such as ``agree`` or one of a refund
    such as ``succeed``."""
    agent: str
    case: str = ""
    """The case it is about, or the key of the refund."""
    version: int = 0
    """The version the agent saw; 0 when they typed a command and looked at none in particular."""
    text: str = ""
    """The line to the buyer, the note to colleagues, the reason of a refusal, the waybill, the amount, a macro's name."""
    then: str = ""
    """What is done once a line is said, such as ``close`` or ``snooze 2h``; an offer is made in `case`."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that came due."""

    kind: str
    case: str
    version: int
    until: datetime | None = None
    """The new deadline, where one is moved."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """What whoever pays says became of an order to pay."""

    key: str
    """The refund's."""
    event: str
    """Of a refund: ``send`` (taken), ``succeed`` or ``fail``."""
    tries: int = 1
    """Which of the refund's orders to pay it is about."""
    reference: str = ""
    """The payment's own number."""
    why: str = ""
    """Why it failed; of ``send``: why it can't be known whether it was paid."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an agent's words on their way to the buyer."""

    outcome: str
    """``sent``, ``blocked`` or ``failed``."""
    operation: str
    """What was to be done: ``send``, ``edit`` or ``delete``."""
    of: tuple[str, ...]
    """The agent's own messages, by their marks."""
    why: str = ""
    """What the messenger said, where it did not work."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened in a conversation: said, tapped, sent, decided or come due."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    choice: Choice | None = None
    command: Command | None = None
    contact: Contact | None = None
    edited: bool = False
    """The buyer changed an earlier message."""
    ref: str = ""
    """The messenger's own mark of the message, the same when it is edited; empty where nothing can be."""
    parts: tuple[str, ...] = ()
    """The marks of all messages it came in, of an album."""
    answers: str = ""
    """The mark of the message it is a reply to, or a reaction."""
    reaction: str | None = None
    """The buyer reacted with this emoji; an empty one: no longer."""
    act: AgentAct | None = None
    clock: Clock | None = None
    payout: Payout | None = None
    report: Report | None = None
    language: str = ""
    """The language the messenger says the person uses, such as ``zh-hans``; a hint only."""
    name: str = ""
    """How the person calls themselves in the messenger."""
    posted: bool = False
    """An agent wrote it in the staff group, where everybody reads it already."""
    account: str = ""
    """Whose account an agent's act came from, such as ``telegram:4242``; empty where the channel has none."""

    @property
    def marks(self) -> tuple[str, ...]:
        """The messenger's marks of the messages it came in."""
        return self.parts or ((self.ref,) if self.ref else ())

    @property
    def of_itself(self) -> bool:
        """Nobody did it: a clock, news of a payment or of a message on its way."""
        return bool(self.clock or self.payout or self.report)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a reply. The label's wording stands in the reply's template under ``label``."""

    slot: str
    value: str
    label: str
    values: dict[str, object] = field(default_factory=dict)
    """What the label's own template may use."""

    def payload(self, token: str) -> str:
        """What comes back when it is tapped; messengers bound it to 64 bytes."""
        return f"{'' if self.slot == 'start' else token}|{self.slot}|{self.value}"
