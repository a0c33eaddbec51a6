"""One turn: everything a flow may look at when it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.cases import Case, Role
from bot.domain.changed import replace
from bot.domain.conversation import Conversation, Talk
from bot.domain.guides import Guides
from bot.domain.meaning import Meaning
from bot.domain.messages import Incoming
from bot.domain.orders import Order, Parcel
from bot.domain.policy import Policy
from bot.domain.refunds import Refund
from bot.domain.routing import Colleague
from bot.domain.spoken import Spoken
from bot.domain.staff import Staff


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked up for this turn."""

    orders: tuple[Order, ...] = ()
    """The buyer's own orders, newest first. Never anyone else's."""
    cases: tuple[Case, ...] = ()
    """The cases over these orders, newest first; not the claims."""
    claims: tuple[Case, ...] = ()
    """What the shop claims of carriers over these orders, newest first."""
    claimed: Order | None = None
    """An order the buyer names but has not proven to own; only to compare a proof with, never to show."""
    guarded: bool = False
    """Too many proofs were wrong lately, of the order that is named or in all: a person looks at the next ones."""
    proven: tuple[Order, ...] = ()
    """Orders that a signed link or a vouched phone number in this very message proves to be the buyer's."""
    tracking: Mapping[str, Parcel] = field(default_factory=dict)
    """Fresh news by tracking number; a parcel whose carrier did not answer is here too, marked unavailable."""
    refunds: tuple[Refund, ...] = ()
    """The money ordered to be paid back over these orders."""
    on_their_way: frozenset[str] = frozenset()
    """Keys of refunds whose order to pay may have reached whoever pays."""
    waiting: int = 0
    """Conversations already waiting for an agent."""
    said: tuple[Spoken, ...] = ()
    """The latest lines of the transcript, oldest first; only where an agent looks back at them."""
    guides: Guides = field(default_factory=Guides)
    """What the shop tells of its products."""
    actor: Staff | None = None
    """Whose act it is, where they have an account."""
    namesake: bool = False
    """Who acts without an account goes by the name of somebody who has one."""
    mediators: tuple[str, ...] = ()
    """Who has an account here to rule, where a ruling is entered."""
    staffed: bool = False
    """The shop has accounts: two people are two of them."""
    colleagues: tuple[Colleague, ...] = ()
    """Who works here, where a conversation is to be given to one of them, or may have been left by one."""
    macros: tuple[str, ...] = ()
    """What an agent who named a macro could have named."""

    def order(self, number: str) -> Order | None:
        """The buyer's own order of that number."""
        return next((order for order in self.orders if order.number.casefold() == number.casefold()), None)

    def book(self, order: Order) -> Book:
        """What the money of an order has come to."""
        return Book.of(order, self.cases, self.refunds)

    def refund(self, key: str) -> Refund | None:
        """The refund of that key."""
        return next((refund for refund in self.refunds if refund.key == key), None)

    def case(self, number: str) -> Case | None:
        """The case of that number, or the claim, over the buyer's orders."""
        return next((case for case in (*self.cases, *self.claims) if case.number == number), None)

    def open_case(self, order_number: str) -> Case | None:
        """The newest case over that order that is open."""
        return next((case for case in self.cases if case.open and case.order_number == order_number), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened, with all that is needed to decide on it."""

    serial: int
    """The inbox row's id: unique, and the same when the turn is taken again."""
    now: datetime
    incoming: Incoming
    meaning: Meaning
    conversation: Conversation
    facts: Facts
    policy: Policy
    languages: tuple[str, ...]
    """The languages the shop answers in, its main one first."""

    @property
    def from_buyer(self) -> bool:
        """True for what the buyer said, tapped or sent; not for a reaction, an agent's act, a clock, news of any kind."""
        return not (self.incoming.act or self.incoming.of_itself or self.incoming.reaction is not None)

    @property
    def level(self) -> Level:
        """How much who acts may grant; who has no account grants what an agent does."""
        return (self.facts.actor and self.facts.actor.level) or Level.AGENT

    @property
    def person(self) -> str:
        """By which two people are told apart; empty for who can't be, where the shop has accounts."""
        return "" if self.facts.staffed and not self.facts.actor else self.incoming.account

    @property
    def case_role(self) -> Role:
        """As whom who acts moves cases."""
        return self.facts.actor.case_role if self.facts.actor else Role.AGENT

    @property
    def talk(self) -> Talk:
        """The flow under way; a programming error when there is none."""
        if self.conversation.talk is None:
            raise LookupError("no flow is under way in this turn")
        return self.conversation.talk

    def slot(self, name: str) -> str:
        """A slot of the flow under way, empty when not known."""
        return self.talk.slots.get(name, "")

    def with_talk(self, talk: Talk | None) -> Turn:
        """The same turn with another flow under way."""
        return self.with_conversation(replace(self.conversation, talk=talk))

    def with_conversation(self, conversation: Conversation) -> Turn:
        """The same turn in another conversation state."""
        return replace(self, conversation=conversation)
