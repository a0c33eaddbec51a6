"""A case: what the buyer asks for, how far it is, and the vocabulary of both. What may follow what stands in `machine`.

The states of money are the marketplace's own words (Taobao Open Platform); those of goods that are sent anew are of its
exchange interface (待发出换货商品, 待买家收货).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.messages import Attachment
from bot.domain.money import Money


class Kind(StrEnum):
    """What the buyer asks for."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    REPAIR = "repair"
    COMPENSATION = "compensation"
    COUNTERFEIT = "counterfeit"
    COMPLAINT = "complaint"
    PARCEL_INQUIRY = "parcel_inquiry"


MONEY = frozenset({Kind.REFUND_ONLY, Kind.RETURN_REFUND, Kind.COMPENSATION, Kind.COUNTERFEIT})
"""Kinds whose success pays the buyer."""
GOODS = frozenset({Kind.EXCHANGE, Kind.RESHIP, Kind.REPAIR})
"""Kinds whose success is a parcel that arrived."""
BACK = frozenset({Kind.RETURN_REFUND, Kind.EXCHANGE, Kind.REPAIR, Kind.COUNTERFEIT})
"""Kinds for which the goods come back first."""
TALK = frozenset({Kind.COMPLAINT, Kind.PARCEL_INQUIRY})
"""Kinds that cover no order line: they stand beside whatever else is applied for."""


class State(StrEnum):
    """Who must act next, and on what."""

    WAIT_SELLER_AGREE = "WAIT_SELLER_AGREE"
    SELLER_REFUSE_BUYER = "SELLER_REFUSE_BUYER"
    WAIT_BUYER_RETURN_GOODS = "WAIT_BUYER_RETURN_GOODS"
    WAIT_SELLER_CONFIRM_GOODS = "WAIT_SELLER_CONFIRM_GOODS"
    WAIT_SELLER_SEND_GOODS = "WAIT_SELLER_SEND_GOODS"
    WAIT_BUYER_CONFIRM_GOODS = "WAIT_BUYER_CONFIRM_GOODS"
    WAIT_SELLER_ANSWER = "WAIT_SELLER_ANSWER"
    """A complaint waits for a person's answer."""
    WAIT_CARRIER = "WAIT_CARRIER"
    """The carrier was asked about a parcel."""
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"


ENDED = frozenset({State.SUCCESS, State.CLOSED})
OPEN = tuple(state for state in State if state not in ENDED)


class Event(StrEnum):
    """What can happen to a case."""

    APPLY = "apply"
    MODIFY = "modify"
    AGREE = "agree"
    AGREE_RETURN = "agree_return"
    REFUSE = "refuse"
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    SHIP_BACK = "ship_back"
    RETURN_SIGNED = "return_signed"
    GOODS_INTACT = "goods_intact"
    GOODS_REJECTED = "goods_rejected"
    SEND_GOODS = "send_goods"
    CONFIRM_RECEIPT = "confirm_receipt"
    REJECT_GOODS = "reject_goods"
    ANSWER = "answer"
    PARCEL_LOST = "parcel_lost"
    REVOKE = "revoke"
    ADD_EVIDENCE = "add_evidence"
    JUDGE = "judge"
    RETIME = "retime"
    INTERVENE = "intervene"
    WITHDRAW = "withdraw"
    RULE_FOR_BUYER = "rule_for_buyer"
    RULE_FOR_SELLER = "rule_for_seller"
    RULE_SPLIT = "rule_split"
    SELLER_TIMEOUT = "seller_timeout"
    BUYER_TIMEOUT = "buyer_timeout"
    CARRIER_TIMEOUT = "carrier_timeout"
    EVIDENCE_TIMEOUT = "evidence_timeout"
    RULING_TIMEOUT = "ruling_timeout"


class Role(StrEnum):
    """Who may make a move."""

    BUYER = "buyer"
    BOT = "bot"
    """Grants by itself what the policy leaves to it."""
    AGENT = "agent"
    MEDIATOR = "mediator"
    CARRIER = "carrier"
    """News of a parcel, whoever brings them."""
    CLOCK = "clock"
    OWNER = "owner"
    """Who sets the policy: may move a deadline when a holiday or the policy moves."""


class Goods(StrEnum):
    """Where the goods are when the buyer applies."""

    NOT_SHIPPED = "not_shipped"
    NOT_RECEIVED = "not_received"
    RECEIVED = "received"
    RETURNED = "returned"
    """They are with the shop again."""


class Phase(StrEnum):
    """Before or after the order is completed."""

    ONSALE = "onsale"
    AFTERSALE = "aftersale"


class Responsibility(StrEnum):
    """Whose fault it is; whoever is at fault pays (谁过错谁承担)."""

    SELLER = "seller"
    CARRIER = "carrier"
    BUYER = "buyer"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """Why the buyer asks."""

    CHANGED_MIND = "changed_mind"
    LATE = "late"
    NOT_RECEIVED = "not_received"
    QUALITY = "quality"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DAMAGED = "damaged"
    COUNTERFEIT = "counterfeit"
    LOST = "lost"
    SIGNED_NOT_RECEIVED = "signed_not_received"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    PRICE_DROP = "price_drop"
    SERVICE = "service"
    OTHER = "other"


FAULT = frozenset(
    {Reason.QUALITY, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.DAMAGED}
)
"""Reasons where the shop or the carrier, not the buyer, may be at fault."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application of one buyer: over lines of an order, or about the order as a whole (see `TALK`)."""

    number: str
    conversation_id: int
    order_number: str
    lines: tuple[int, ...]
    """Positions of the order's lines it covers; empty only for the kinds of `TALK`."""
    kind: Kind
    state: State
    goods: Goods
    reason: Reason
    amount: Money
    """What is to be paid when it succeeds, once; zero where no money is asked for."""
    opened_at: datetime
    phase: Phase = Phase.ONSALE
    responsibility: Responsibility = Responsibility.UNDECIDED
    version: int = 1
    """Counts up with every move; an act that saw an older one is refused."""
    locked: bool = False
    """An intervention holds it: the clocks of both sides stand still and only a ruling ends it."""
    due_at: datetime | None = None
    """When the running clock fires; None once it is over."""
    clock: Event | None = None
    """What happens when it fires."""
    stopped: Event | None = None
    """The clock that an intervention stopped; it resumes when the intervention is withdrawn."""
    left: timedelta = timedelta()
    """What was left on the stopped clock."""
    missed: int = 0
    """Times the clock ran out of whoever had to answer: the shop, or the carrier that was asked."""
    waybill: str = ""
    """Of the parcel that comes back."""
    sent_waybill: str = ""
    """Of the parcel that is sent anew."""
    freight: Money | None = None
    """Return postage the buyer laid out and the shop repays when the case succeeds; None when none is owed."""
    promised: Money | None = None
    """What a promise of the shop (ten-fold for a counterfeit) pays on top when the case succeeds."""
    offer: Money | None = None
    """What the shop offers instead, until the buyer answers or it decides."""
    rule: str = ""
    """The rule of the policy it was taken up by."""
    refused: str = ""
    """What the shop said when it last refused; empty when it never did."""
    ended_by: Event | None = None
    """What ended it; None while it is open."""
    subject: str = ""
    """What it is about beyond the reason: the buyer's words (what is wrong, what they want instead), the parcel's number."""
    evidence: tuple[Attachment, ...] = ()

    @property
    def open(self) -> bool:
        """True while somebody may still have to act."""
        return self.state not in ENDED

    @property
    def claim(self) -> bool:
        """True for what the shop claims of a carrier: none of the buyer's own matters, who hears what came of it."""
        return self.kind is Kind.PARCEL_INQUIRY and self.reason is Reason.DAMAGED

    @property
    def parcel(self) -> str:
        """The number of the parcel that was asked about, or refused; empty for any other case."""
        of_parcel = self.kind is Kind.PARCEL_INQUIRY or self.reason is Reason.REFUSED
        return self.subject.partition(" ")[0] if of_parcel else ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an application says otherwise than before; None leaves a thing as it is."""

    kind: Kind | None = None
    reason: Reason | None = None
    amount: Money | None = None
    responsibility: Responsibility | None = None

    def on(self, case: Case) -> Case:
        """The case as it reads after the change."""
        return replace(
            case,
            kind=self.kind or case.kind,
            reason=self.reason or case.reason,
            amount=case.amount if self.amount is None else self.amount,
            responsibility=self.responsibility or case.responsibility,
        )

    def __bool__(self) -> bool:
        return self != Change()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens to a case: who does it, when, and what they give with it."""

    event: Event
    by: Role
    at: datetime
    who: str = ""
    """Agent's name; empty for the buyer, the bot and the clock."""
    account: str = ""
    """The agent's account, by which people are told apart; empty where only the name is known."""
    why: str = ""
    """The reason of a refusal, the words of an answer."""
    waybill: str = ""
    """Number of the parcel that is sent, with its carrier where that is known."""
    amount: Money | None = None
    """What is offered, ruled, or (with a waybill) was laid out for the postage."""
    change: Change = Change()
    due_at: datetime | None = None
    """The deadline as it is from now on."""
    evidence: tuple[Attachment, ...] = ()
    seen: int | None = None
    """The version the mover looked at; None when they looked at none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's append-only history. The lines alone rebuild the case (`machine.rebuilt`)."""

    case: str
    version: int
    act: Act
    start: State | None
    end: State
    clock: Event | None = None
    """The clock that runs after it, as it was set: a policy that changes later moves no clock that runs."""
    due_at: datetime | None = None
    born: Case | None = None
    """The application itself; only in the first line."""
