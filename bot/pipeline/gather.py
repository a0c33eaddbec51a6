"""Gather: the only outside reading of a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from bot.domain.changed import replace
from bot.domain.conversation import Conversation, Holder
from bot.domain.guides import Guides
from bot.domain.meaning import Meaning
from bot.domain.messages import Incoming
from bot.domain.orders import Order, Parcel
from bot.domain.routing import Colleague, Route
from bot.domain.spoken import Spoken
from bot.domain.staff import Right, Staff
from bot.domain.turn import Facts
from bot.flows.allowed import RULINGS
from bot.flows.desk import LOOKING_BACK, TRANSFER
from bot.flows.expected import expected
from bot.flows.taking_back import EDIT
from bot.pipeline.guesses import Guesses
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Known, Outturn
from bot.understanding.slots import Context
from bot.understanding.slots.order_number import as_digits

LINES_BACK = 200
"""Lines that an agent may look back at."""
Verify = Callable[[str, datetime], str | None]
"""A signed link's payload to the order it proves, None when it proves nothing."""


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Looks up what a turn may need."""

    unit: Unit
    verify: Verify
    now: datetime
    waiting: int
    """Conversations that wait for an agent."""
    guides: Guides = field(default_factory=Guides)
    """The shop's, as they stand now."""
    guesses: Guesses = field(default_factory=Guesses)
    """Wrong proofs of orders lately."""

    def after(self, turns: Iterable[Outturn]) -> Self:
        """For the next turn of the same transaction: the queue as these leave it."""
        joined = sum(
            (turn.conversation.holder is Holder.QUEUED) - (turn.before.holder is Holder.QUEUED)
            for turn in turns
        )
        return replace(self, waiting=self.waiting + joined)

    def facts(
        self,
        known: Known,
        conversation: Conversation,
        incoming: Incoming,
        meaning: Meaning,
        tracked: Mapping[str, Parcel],
        actor: Staff | None = None,
    ) -> Facts:
        """The buyer's own orders and cases, and what this message itself proves or claims."""
        return Facts(
            orders=known.orders,
            cases=tuple(case for case in known.cases if not case.claim),
            claims=tuple(case for case in known.cases if case.claim),
            refunds=known.refunds,
            on_their_way=known.on_their_way,
            claimed=self._claimed(known, conversation, meaning),
            guarded=self.guesses.too_many(named(conversation, meaning), self.now),
            proven=self._proven(incoming),
            tracking=tracked,
            waiting=self.waiting,
            guides=self.guides,
            said=self._said(conversation, incoming),
            actor=actor,
            namesake=self._namesake(incoming, actor),
            mediators=self._mediators(incoming),
            staffed=bool(incoming.act) and self.unit.staffed(),
            colleagues=self._colleagues(incoming),
        )

    def _namesake(self, incoming: Incoming, actor: Staff | None) -> bool:
        return incoming.act is not None and actor is None and self.unit.staff_named(incoming.act.agent)

    def _mediators(self, incoming: Incoming) -> tuple[str, ...]:
        if incoming.act is None or incoming.act.act not in RULINGS:
            return ()
        return tuple(one.staff.name for one in self.unit.people() if one.staff.may(Right.RULE))

    def _colleagues(self, incoming: Incoming) -> tuple[Colleague, ...]:
        """Who works here, where the router asks."""
        asked = incoming.clock is not None and incoming.clock.kind in Route.__members__.values()
        passed_on = incoming.act is not None and incoming.act.act == TRANSFER
        return self.unit.colleagues() if asked or passed_on else ()

    def actor(self, incoming: Incoming) -> Staff | None:
        """Whose act this is; None for what is no act, and for who has no account."""
        return self.unit.staff_of(incoming.account) if incoming.act else None

    def _said(self, conversation: Conversation, incoming: Incoming) -> tuple[Spoken, ...]:
        """What an agent's act looks back at."""
        looks = incoming.act is not None and incoming.act.act in (*LOOKING_BACK, EDIT)
        return self.unit.spoken(conversation.id, LINES_BACK) if looks else ()

    def _claimed(self, known: Known, conversation: Conversation, meaning: Meaning) -> Order | None:
        """The order somebody says is theirs: named earlier in the talk, or just now."""
        own = {order.number for order in known.orders}
        numbers = named(conversation, meaning)
        found = (self.unit.order(number) for number in numbers if number not in own)
        return next((order for order in found if order), None)

    def _proven(self, incoming: Incoming) -> tuple[Order, ...]:
        if incoming.contact and incoming.contact.own:
            return self.unit.orders_by_phone(incoming.contact.phone)
        if incoming.command and incoming.command.name == "start" and incoming.command.argument:
            number = self.verify(incoming.command.argument, self.now)
            order = self.unit.order(number) if number else None
            return (order,) if order else ()
        return ()


def named(conversation: Conversation, meaning: Meaning) -> tuple[str, ...]:
    """The numbers of orders that may be meant, the likeliest first."""
    slots = conversation.talk.slots if conversation.talk else {}
    typed = meaning.slots.get("order_number"), slots.get("order_number"), slots.get("last_number")
    numbers = (form for number in typed if number for form in (number, as_digits(number)))
    return tuple(dict.fromkeys(numbers))


def identified(said: Incoming, actor: Staff | None) -> Incoming:
    """The act under its person's own name and account, wherever they acted from."""
    if said.act is None or actor is None:
        return said
    return replace(said, act=replace(said.act, agent=actor.name), account=actor.account)


def context_of(conversation: Conversation, known: Known, hinted: str) -> Context:
    """What helps to read a message; `hinted` is the language the messenger says its user speaks."""
    talk = conversation.talk
    return Context(
        asking=talk.asking if talk else "",
        named=(talk.slots.get("order_number") or talk.slots.get("last_number", "")) if talk else "",
        orders=tuple(order.number for order in known.orders),
        parcels=tuple(parcel.number for order in known.orders for parcel in order.parcels),
        language=conversation.language or hinted,
        script=conversation.script,
        lines=tuple(line.title for order in known.orders for line in order.lines),
        odds=expected(conversation, known.orders, known.cases),
    )
