"""The refund case: its states, its events and the one table that says what may follow what.

The states are the marketplace's own words (Taobao Open Platform). A case moves only through `move`; a move that the
table does not have raises `IllegalMove` and changes nothing. The next possible actions are read from the same table,
so a button can't offer what the engine would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.messages import Attachment
from bot.domain.money import Money
from bot.errors import IllegalMove, StaleVersion


class Kind(StrEnum):
    """What the buyer asks for."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"


class State(StrEnum):
    """Who must act next, and on what."""

    WAIT_SELLER_AGREE = "WAIT_SELLER_AGREE"
    SELLER_REFUSE_BUYER = "SELLER_REFUSE_BUYER"
    WAIT_BUYER_RETURN_GOODS = "WAIT_BUYER_RETURN_GOODS"
    WAIT_SELLER_CONFIRM_GOODS = "WAIT_SELLER_CONFIRM_GOODS"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"


class Event(StrEnum):
    """What can happen to a case."""

    APPLY = "apply"
    AGREE = "agree"
    AGREE_RETURN = "agree_return"
    REFUSE = "refuse"
    SHIP_BACK = "ship_back"
    GOODS_INTACT = "goods_intact"
    GOODS_REJECTED = "goods_rejected"
    REVOKE = "revoke"
    ADD_EVIDENCE = "add_evidence"
    INTERVENE = "intervene"
    RULE_FOR_BUYER = "rule_for_buyer"
    RULE_FOR_SELLER = "rule_for_seller"
    SELLER_TIMEOUT = "seller_timeout"
    BUYER_TIMEOUT = "buyer_timeout"


class Role(StrEnum):
    """Who may make a move."""

    BUYER = "buyer"
    AGENT = "agent"
    CLOCK = "clock"


class Goods(StrEnum):
    """Where the goods are when the buyer applies."""

    NOT_SHIPPED = "not_shipped"
    NOT_RECEIVED = "not_received"
    RECEIVED = "received"


class Reason(StrEnum):
    """Why the buyer wants the money back."""

    CHANGED_MIND = "changed_mind"
    LATE = "late"
    NOT_RECEIVED = "not_received"
    QUALITY = "quality"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DAMAGED = "damaged"
    OTHER = "other"


ENDED = frozenset({State.SUCCESS, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table."""

    start: State
    event: Event
    end: State
    by: Role
    kinds: frozenset[Kind] = frozenset(Kind)
    locked: bool = False
    """True: only while an intervention holds the case; False: only while none does."""
    needs_why: bool = False
    """The one who moves must give a reason."""


def _move(
    start: State,
    event: Event,
    end: State,
    by: Role,
    *kinds: Kind,
    locked: bool = False,
    needs_why: bool = False,
) -> Move:
    return Move(start, event, end, by, frozenset(kinds or Kind), locked, needs_why)


_AGREE, _REFUSED = State.WAIT_SELLER_AGREE, State.SELLER_REFUSE_BUYER
_RETURN, _CONFIRM = State.WAIT_BUYER_RETURN_GOODS, State.WAIT_SELLER_CONFIRM_GOODS
_OPEN = (_AGREE, _REFUSED, _RETURN, _CONFIRM)

TRANSITIONS: tuple[Move, ...] = (
    _move(_AGREE, Event.AGREE, State.SUCCESS, Role.AGENT),
    _move(_AGREE, Event.AGREE_RETURN, _RETURN, Role.AGENT, Kind.RETURN_REFUND),
    _move(_AGREE, Event.REFUSE, _REFUSED, Role.AGENT, needs_why=True),
    _move(_AGREE, Event.SELLER_TIMEOUT, State.SUCCESS, Role.CLOCK, Kind.REFUND_ONLY),
    _move(_AGREE, Event.SELLER_TIMEOUT, _RETURN, Role.CLOCK, Kind.RETURN_REFUND),
    _move(_AGREE, Event.REVOKE, State.CLOSED, Role.BUYER),
    _move(_REFUSED, Event.REVOKE, State.CLOSED, Role.BUYER),
    _move(_REFUSED, Event.BUYER_TIMEOUT, State.CLOSED, Role.CLOCK),
    _move(_RETURN, Event.REFUSE, _REFUSED, Role.AGENT, needs_why=True),
    _move(_RETURN, Event.SHIP_BACK, _CONFIRM, Role.AGENT, needs_why=True),
    _move(_RETURN, Event.BUYER_TIMEOUT, State.CLOSED, Role.CLOCK),
    _move(_CONFIRM, Event.GOODS_INTACT, State.SUCCESS, Role.AGENT),
    _move(_CONFIRM, Event.GOODS_REJECTED, _REFUSED, Role.AGENT, needs_why=True),
    _move(_CONFIRM, Event.REFUSE, _REFUSED, Role.AGENT, needs_why=True),
    _move(_CONFIRM, Event.SELLER_TIMEOUT, State.SUCCESS, Role.CLOCK),
    *(_move(state, Event.ADD_EVIDENCE, state, Role.BUYER) for state in _OPEN),
    *(_move(state, Event.ADD_EVIDENCE, state, Role.BUYER, locked=True) for state in _OPEN),
    *(_move(state, Event.INTERVENE, state, Role.AGENT) for state in _OPEN),
    *(_move(state, Event.RULE_FOR_BUYER, State.SUCCESS, Role.AGENT, locked=True) for state in _OPEN),
    *(_move(state, Event.RULE_FOR_SELLER, State.CLOSED, Role.AGENT, locked=True) for state in _OPEN),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each side has, by the state that starts the clock."""

    seller_unshipped: timedelta
    seller: timedelta
    buyer_return: timedelta
    buyer_refused: timedelta
    seller_confirm: timedelta


@dataclass(frozen=True, slots=True)
class Case:
    """One application of one buyer over lines of one order."""

    number: str
    conversation_id: int
    order_number: str
    lines: tuple[int, ...]
    """Positions of the order's lines it covers; never empty."""
    kind: Kind
    state: State
    goods: Goods
    reason: Reason
    amount: Money
    opened_at: datetime
    version: int = 1
    """Counts up with every move; an act that saw an older one is refused."""
    locked: bool = False
    """An intervention holds it: clocks stand still and only a ruling moves it."""
    due_at: datetime | None = None
    """When the running clock fires; None when none runs."""
    clock: Event | None = None
    """What happens when it fires."""
    waybill: str = ""
    evidence: tuple[Attachment, ...] = ()

    @property
    def open(self) -> bool:
        """True while somebody may still have to act."""
        return self.state not in ENDED


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's append-only history."""

    case: str
    version: int
    at: datetime
    by: Role
    who: str
    """Agent's name; empty for the buyer and the clock."""
    event: Event
    start: State | None
    end: State
    why: str = ""
    evidence: tuple[Attachment, ...] = ()


def possible(case: Case, by: Role) -> tuple[Event, ...]:
    """What this person may do with the case now, in the table's order."""
    return tuple(move.event for move in TRANSITIONS if _fits(move, case) and move.by is by)


def apply(case: Case, terms: Terms) -> tuple[Case, Entry]:
    """The first line of a case's history, and the case with the seller's clock running."""
    opened = _with_clock(case, case.opened_at, terms)
    entry = Entry(case.number, 1, case.opened_at, Role.BUYER, "", Event.APPLY, None, case.state, case.reason)
    return opened, replace(entry, evidence=case.evidence)


def move(  # noqa: PLR0913 -- each is one fact of the line of history it writes
    case: Case,
    event: Event,
    by: Role,
    at: datetime,
    terms: Terms,
    *,
    seen: int | None = None,
    who: str = "",
    why: str = "",
    evidence: tuple[Attachment, ...] = (),
) -> tuple[Case, Entry]:
    """The case after the event, and its line of history.

    `seen` is the version the mover looked at. Raises `StaleVersion` when the case has moved since, `IllegalMove` when
    the table has no such move or a reason is missing.
    """
    if seen is not None and seen != case.version:
        raise StaleVersion(
            f"{case.number} has changed since: you saw version {seen}, it is at {case.version}"
        )
    row = _find(case, event, by)
    if row.needs_why and not why.strip():
        raise IllegalMove(f"{event.value} on {case.number} needs a reason")
    after = replace(
        case,
        state=row.end,
        version=case.version + 1,
        locked=_locked_after(case, event),
        waybill=why.strip() if event is Event.SHIP_BACK else case.waybill,
        evidence=case.evidence + evidence,
    )
    if event is not Event.ADD_EVIDENCE:
        after = _with_clock(after, at, terms)
    entry = Entry(case.number, after.version, at, by, who, event, case.state, row.end, why.strip(), evidence)
    return after, entry


def _find(case: Case, event: Event, by: Role) -> Move:
    for row in TRANSITIONS:
        if row.event is event and row.by is by and _fits(row, case):
            return row
    raise IllegalMove(
        f"{case.number} is {case.state.value}{' (locked)' * case.locked}: {event.value} is not possible"
    )


def _fits(row: Move, case: Case) -> bool:
    return row.start is case.state and case.kind in row.kinds and row.locked is case.locked


def _locked_after(case: Case, event: Event) -> bool:
    if event is Event.INTERVENE:
        return True
    return case.locked and event not in (Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER)


def _with_clock(case: Case, at: datetime, terms: Terms) -> Case:
    """Start the clock the state calls for; an ended or locked case has none."""
    if case.locked or not case.open:
        return replace(case, clock=None, due_at=None)
    clock, term = _clocks(case, terms)[case.state]
    return replace(case, clock=clock, due_at=at + term)


def _clocks(case: Case, terms: Terms) -> Mapping[State, tuple[Event, timedelta]]:
    seller = terms.seller_unshipped if case.goods is Goods.NOT_SHIPPED else terms.seller
    return {
        State.WAIT_SELLER_AGREE: (Event.SELLER_TIMEOUT, seller),
        State.SELLER_REFUSE_BUYER: (Event.BUYER_TIMEOUT, terms.buyer_refused),
        State.WAIT_BUYER_RETURN_GOODS: (Event.BUYER_TIMEOUT, terms.buyer_return),
        State.WAIT_SELLER_CONFIRM_GOODS: (Event.SELLER_TIMEOUT, terms.seller_confirm),
    }
