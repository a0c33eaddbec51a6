"""What a flow decides: words to say, a conversation to remember, effects to commit. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.conversation import Conversation
from bot.domain.dues import Due
from bot.domain.engine import Outcome
from bot.domain.feedback import Feedback, Score
from bot.domain.messages import Attachment, Button
from bot.domain.orders import Parcel
from bot.domain.refunds import LedgerLine, Refund


class Audience(StrEnum):
    """Who reads a reply."""

    BUYER = "buyer"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Say:
    """One reply: a template's name and what it is filled with."""

    reply: str
    values: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    token: str = ""
    """The talk its buttons belong to."""
    to: Audience = Audience.BUYER
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A new case with the first line of its history."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class MoveCase:
    """A case after a move; the store refuses it unless it still stands at the version before."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class MoveRefund:
    """A refund after a move; refused like a case's."""

    refund: Refund
    line: LedgerLine


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """An order is known to be this buyer's."""

    order_number: str
    how: str
    """``signed_link``, ``contact`` or ``phone_digits``."""


@dataclass(frozen=True, slots=True)
class PayOut:
    """The order to pay goes to whoever pays for the shop; the refund's key makes a second payment impossible."""

    refund: Refund
    at: datetime


@dataclass(frozen=True, slots=True)
class Recall:
    """An order to pay need not go any more, if it still waits."""

    order: str
    """Its key (`Refund.order_to_pay`)."""
    answered: bool = False
    """Whoever pays has told what became of it. Otherwise nobody may have it yet, or the turn is refused."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """Something due of a case comes at this moment instead; whatever of its kind waits for the case is dropped."""

    due: Due


@dataclass(frozen=True, slots=True)
class KeepFeedback:
    """A suggestion is filed."""

    feedback: Feedback


@dataclass(frozen=True, slots=True)
class KeepScore:
    """A score is kept with its case, in place of one told before."""

    score: Score


@dataclass(frozen=True, slots=True)
class Give:
    """A conversation is given to one of the agents, who is now the last in turn."""

    staff: int


@dataclass(frozen=True, slots=True)
class ComeOrGo:
    """Somebody says that they are here, or away."""

    staff: int
    here: bool


Effect = (
    OpenCase
    | MoveCase
    | MoveRefund
    | PayOut
    | Recall
    | LinkOrder
    | PutOff
    | KeepFeedback
    | KeepScore
    | Give
    | ComeOrGo
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one turn."""

    conversation: Conversation
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    wants: tuple[Parcel, ...] = ()
    """Parcels to ask the carrier about first; when there are any, the turn is taken again with the answers."""
    draft: tuple[Say, ...] = ()
    """What the bot would say if no agent held the conversation."""
