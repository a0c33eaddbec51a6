"""A refund: money that leaves the shop for a case, with states of its own. The case says that it is owed, this that it is paid.

The key is the promise that it leaves once: whoever pays is given it, and two refunds of one key can't exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money
from bot.errors import IllegalMove, StaleVersion


class Purpose(StrEnum):
    """What is paid."""

    PRICE = "price"
    """Of what was paid for the goods: all of it, a part, a compensation. Never more than was paid, over all cases."""
    FREIGHT = "freight"
    """Return postage the buyer laid out and the shop owes."""
    PROMISE = "promise"
    """What the shop promised on top, such as ten-fold for a counterfeit."""


class RefundState(StrEnum):
    """How far the money is."""

    CREATED = "created"
    SENT = "sent"
    """Whoever pays has taken the order to pay."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundEvent(StrEnum):
    """What can happen to a refund."""

    CREATE = "create"
    APPROVE = "approve"
    SEND = "send"
    SUCCEED = "succeed"
    FAIL = "fail"
    RETRY = "retry"
    CANCEL = "cancel"


_S, _E = RefundState, RefundEvent
MOVES: dict[tuple[RefundState, RefundEvent], RefundState] = {
    (_S.CREATED, _E.APPROVE): _S.CREATED,
    (_S.CREATED, _E.SEND): _S.SENT,
    (_S.CREATED, _E.SUCCEED): _S.DONE,
    (_S.CREATED, _E.FAIL): _S.FAILED,
    (_S.CREATED, _E.CANCEL): _S.CANCELLED,
    (_S.SENT, _E.SUCCEED): _S.DONE,
    (_S.SENT, _E.FAIL): _S.FAILED,
    (_S.FAILED, _E.SUCCEED): _S.DONE,
    (_S.FAILED, _E.RETRY): _S.CREATED,
    (_S.FAILED, _E.CANCEL): _S.CANCELLED,
}
"""Every move there is. Money that may be on its way (`SENT`) is never cancelled; what is done stays done. What was said to
have failed and is paid after all is done: news of a payment may arrive in any order."""
_PAYS = frozenset({RefundEvent.SEND, RefundEvent.SUCCEED})
"""What only happens once enough people have approved."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that is to leave for a case, once."""

    key: str
    case: str
    order_number: str
    purpose: Purpose
    amount: Money
    created_at: datetime
    state: RefundState = RefundState.CREATED
    version: int = 1
    people: int = 0
    """How many must approve before it may leave; 0 where the decision on the case was enough."""
    approved: tuple[str, ...] = ()
    """Who has, each once."""
    tries: int = 1
    """How often it was ordered to be paid, counting those that failed."""
    reference: str = ""
    """The payment's own number, of whoever paid."""
    problem: str = ""
    """Why it failed."""

    @property
    def released(self) -> bool:
        """True when enough people have approved."""
        return len(self.approved) >= self.people

    @property
    def counts(self) -> bool:
        """True for money that has left, or may yet."""
        return self.state is not RefundState.CANCELLED

    @property
    def order_to_pay(self) -> str:
        """The key that whoever pays is given: a try that failed for good is followed by another order."""
        return order_to_pay(self.key, self.tries)


def order_to_pay(key: str, tries: int) -> str:
    """The key of one of a refund's orders to pay."""
    return key if tries == 1 else f"{key}#{tries}"


@dataclass(frozen=True, slots=True)
class RefundAct:
    """Something that happens to a refund."""

    event: RefundEvent
    at: datetime
    who: str = ""
    """Agent's name; empty for the bot and whoever pays."""
    reference: str = ""
    why: str = ""
    seen: int | None = None
    """The version the mover looked at; None when they looked at none."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the money's append-only ledger."""

    key: str
    version: int
    act: RefundAct
    start: RefundState | None
    end: RefundState
    amount: Money


def created(refund: Refund) -> LedgerLine:
    """The first line of a refund."""
    act = RefundAct(RefundEvent.CREATE, refund.created_at)
    return LedgerLine(refund.key, 1, act, None, refund.state, refund.amount)


def possible(refund: Refund) -> tuple[RefundEvent, ...]:
    """What may be done with it now, in the table's order."""
    events = (event for (start, event) in MOVES if start is refund.state)
    return tuple(event for event in events if _open_to(refund, event))


def move(refund: Refund, act: RefundAct) -> tuple[Refund, LedgerLine]:
    """The refund after the act, and its line in the ledger.

    Raises `StaleVersion` when it has moved since the mover looked, `IllegalMove` when it can't be, when too few people
    have approved, or the same person approves twice. Nothing is changed then.
    """
    if act.seen is not None and act.seen != refund.version:
        raise StaleVersion(
            f"{refund.key} has changed since: you saw version {act.seen}, it is at {refund.version}"
        )
    if act.event not in possible(refund):
        raise IllegalMove(f"{refund.key} is {refund.state.value}: {act.event.value} is not possible")
    if act.event is RefundEvent.APPROVE and (not act.who or act.who in refund.approved):
        raise IllegalMove(f"{refund.key} must be approved by somebody else than {act.who or 'nobody'}")
    after = replace(
        refund,
        state=MOVES[refund.state, act.event],
        version=refund.version + 1,
        approved=(*refund.approved, act.who) if act.event is RefundEvent.APPROVE else refund.approved,
        tries=refund.tries + (act.event is RefundEvent.RETRY),
        reference=act.reference or refund.reference,
        problem=act.why if act.event is RefundEvent.FAIL else "",
    )
    line = LedgerLine(refund.key, after.version, act, refund.state, after.state, refund.amount)
    return after, line


def _open_to(refund: Refund, event: RefundEvent) -> bool:
    if event is RefundEvent.APPROVE:
        return not refund.released
    return refund.released or event not in _PAYS
