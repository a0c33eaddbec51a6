"""A conversation: who holds it, what is being talked about, what was asked last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.changed import replace
from bot.domain.collected import Collected
from bot.domain.messages import Attachment
from bot.domain.pace import Pace
from bot.domain.watch import Watch


class Holder(StrEnum):
    """Who answers the buyer."""

    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"


class FlagReason(StrEnum):
    """Why a person is needed."""

    BUYER_ASKS = "buyer_asks"
    TWO_MISSES = "two_misses"
    FOR_A_PERSON = "for_a_person"
    NOT_SOLVED = "not_solved"
    POLICY = "policy"
    """What the shop promised is claimed, and its policy leaves it to a person whether it holds."""
    ASK_SELLER = "ask_seller"
    NEW_EVIDENCE = "new_evidence"
    INTERVENTION = "intervention"
    LINK_GUESSES = "link_guesses"
    BROKEN_TURN = "broken_turn"
    ASK_CARRIER = "ask_carrier"
    OVERDUE = "overdue"
    PAYMENT_FAILED = "payment_failed"
    BEYOND_AUTHORITY = "beyond_authority"
    COMPLAINT = "complaint"
    COUNTERFEIT = "counterfeit"
    DISPUTED = "disputed"
    """The buyer has asked the platform to step in."""
    CHANGED = "changed"
    """A refused application was changed, and waits for the shop again."""
    ANGER = "anger"
    THREAT = "threat"
    SELF_HARM = "self_harm"
    REPEATED = "repeated"
    LOW_SCORE = "low_score"
    UNANSWERED = "unanswered"
    """The buyer waits for a person's answer for longer than the shop allows."""
    UNSETTLED = "unsettled"
    """People have looked after it for longer than the shop allows."""
    PASSED_ON = "passed_on"
    """An agent left it to a colleague."""
    PEOPLE_FIRST = "people_first"
    """The shop wishes that people answer while it is open."""
    UNSURE = "unsure"
    """The bot is not sure what is meant, and the shop wishes that people answer then."""


class Priority(StrEnum):
    """How soon a person should look."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Flag:
    """The mark that puts a conversation in the agents' queue."""

    reason: FlagReason
    priority: Priority
    at: datetime
    last_words: str = ""
    """What the buyer wrote last, so that nobody needs to ask again."""


class Standing(StrEnum):
    """How a talk stands with the buyer."""

    ASKED = "asked"
    """Under way, or put aside in the middle of it."""
    WISHED = "wished"
    """Told of beside another wish, and not begun."""
    OFFERED = "offered"
    """Put aside, and the last thing said was whether to go on: a yes or a no means that."""
    LEFT = "left"
    """The buyer went on to something else; its buttons still work, a mere yes does not mean it any more."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A flow under way: its slots die with it, so that they never answer the next flow's question."""

    flow: str
    token: str
    """Marks its buttons; a tap with another token answers nothing."""
    slots: dict[str, str] = field(default_factory=dict)
    asking: str = ""
    """The slot whose answer is awaited."""
    attachments: tuple[Attachment, ...] = ()
    """Evidence the buyer has sent so far."""
    standing: Standing = Standing.ASKED

    def fill(self, **slots: str) -> Talk:
        """The same talk knowing more."""
        return replace(self, slots={**self.slots, **slots})

    def keeping(self, files: tuple[Attachment, ...]) -> Talk:
        """The same talk with these files too; an edited caption brings its photo again, so each is kept once."""
        known = {kept.ref for kept in self.attachments}
        new = (file for file in files if not file.ref or file.ref not in known)
        return replace(self, attachments=(*self.attachments, *new))

    def drop(self, *names: str) -> Talk:
        """The same talk without these slots."""
        return replace(self, slots={name: value for name, value in self.slots.items() if name not in names})


@dataclass(frozen=True, slots=True)
class DraftReply:
    """What the bot would say, for the agent who holds the conversation: to send, to edit or to leave."""

    id: str
    """Marks the button that sends it; another one's sends nothing."""
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """All the bot remembers of one buyer between two messages."""

    id: int
    channel: str
    address: str
    """Where replies go in that channel: a chat id, a browser's key."""
    name: str = ""
    language: str = ""
    """The language replies are written in; empty until the first message tells."""
    script: str = ""
    """``Hant`` for who writes Traditional characters, and is answered in them."""
    language_fixed: bool = False
    """The buyer chose it, so messages no longer change it."""
    holder: Holder = Holder.BOT
    agent: str = ""
    flag: Flag | None = None
    talk: Talk | None = None
    parked: Talk | None = None
    """A talk that an interruption put aside."""
    left: Talk | None = None
    """What was put aside unsent just now, because the buyer said so: "send it, then" takes it up again."""
    last: str = ""
    """The intent that was served last."""
    about: str = ""
    """The order that was talked of last."""
    about_line: str = ""
    """The product of it that was named, by its line's number; empty when none was."""
    about_at: datetime | None = None
    """When the buyer last wrote to the bot with that order talked of."""
    misses: int = 0
    """Messages in a row that were not understood."""
    pace: Pace = field(default_factory=Pace)
    """How many messages of theirs were handled in the minute that runs."""
    link_failures: int = 0
    """Wrong proofs of owning an order since the last right one."""
    waited: int = 0
    """Messages since a person was called."""
    reassured_at: datetime | None = None
    """When they last heard, while they wait for a person, that all they write is seen."""
    complaints: int = 0
    """Times they have complained since an agent last gave the conversation back."""
    nudged: dict[str, datetime] = field(default_factory=dict)
    """When the shop was last asked to ship an order, by its number."""
    quiet: bool = False
    """The buyer wants to hear nothing they did not ask for; what an open case owes them is told all the same."""
    unasked_at: datetime | None = None
    """When something was last said unasked."""
    asked_at: datetime | None = None
    """When the question that is open was put, or what is left was put aside."""
    heard: str = ""
    """The messenger's own mark of the buyer's last message, by which an edit of it is known."""
    acted: bool = False
    """Something was done because of that message, and an edit of it does it no second time."""
    watch: Watch = field(default_factory=Watch)
    """The clocks of the conversation while people look after it."""
    by_bot: bool = False
    """The buyer went back to the bot rather than wait for a person."""
    draft: DraftReply | None = None
    """The bot's answer to what the buyer said last, while an agent holds the conversation."""
    carded: bool = False
    """The agents have its card."""
    closed: bool = False
    """An agent has closed it, and the agents have read nothing of it since."""
    told: tuple[Collected, ...] = ()
    """What had been told when a person was called last."""
    personal: tuple[str, ...] = ()
    """What they told lately that is personal whatever it looks like, such as an address: the staff group does not show it."""
    staff_thread: int | None = None
    """The staff group's topic for it."""
