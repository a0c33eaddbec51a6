"""The life of a case as one table: what may follow what, who may do it, and what they must bring. `machine` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import BACK, GOODS, MONEY, OPEN, TALK, Case, Event, Goods, Kind, Role, State


class Needs(StrEnum):
    """What an act must bring."""

    WHY = "why"
    WAYBILL = "waybill"
    AMOUNT = "amount"
    CHANGE = "change"
    EVIDENCE = "evidence"
    DUE = "due"


class Given(StrEnum):
    """What must be so for a row to hold, besides state, kind and lock."""

    MISSED = "missed"
    """The shop let its clock run out."""
    OFFERED = "offered"
    """The shop has made an offer."""
    PRICED = "priced"
    """It is known how much money is asked for."""
    ON_ITS_WAY = "on_its_way"
    """The goods that come back are not with the shop yet."""


class Runs(StrEnum):
    """What becomes of the clock."""

    ANEW = "anew"
    """The clock of the state it comes to is started."""
    ON = "on"
    """The one that runs goes on."""
    SIGNED = "signed"
    """It may end sooner, for the goods have arrived."""
    STOPS = "stops"
    """It stands still while an intervention holds the case."""
    GIVEN = "given"
    """It ends when the act says."""
    RESUMES = "resumes"
    """What was left of the one that stood still runs on."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table."""

    start: State
    event: Event
    end: State
    by: frozenset[Role]
    kinds: frozenset[Kind]
    locked: bool = False
    """True: only while an intervention holds the case; False: only while none does."""
    needs: frozenset[Needs] = frozenset()
    given: Given | None = None
    clock: Runs = Runs.ANEW

    def fits(self, case: Case) -> bool:
        """True when the case stands so that this row is open to it."""
        if self.start is not case.state or case.kind not in self.kinds or self.locked is not case.locked:
            return False
        match self.given:
            case Given.MISSED:
                return case.missed > 0
            case Given.OFFERED:
                return case.offer is not None
            case Given.PRICED:
                return bool(case.amount)
            case Given.ON_ITS_WAY:
                return case.goods is not Goods.RETURNED
            case None:
                return True


def _row(  # noqa: PLR0913 -- each is a column of the table
    start: State,
    event: Event,
    end: State,
    by: Iterable[Role],
    kinds: Iterable[Kind] = tuple(Kind),
    *,
    locked: bool = False,
    needs: tuple[Needs, ...] = (),
    given: Given | None = None,
    clock: Runs = Runs.ANEW,
) -> Move:
    return Move(start, event, end, frozenset(by), frozenset(kinds), locked, frozenset(needs), given, clock)


_AGREE, _REFUSED = State.WAIT_SELLER_AGREE, State.SELLER_REFUSE_BUYER
_RETURN, _CONFIRM = State.WAIT_BUYER_RETURN_GOODS, State.WAIT_SELLER_CONFIRM_GOODS
_SEND, _ARRIVE = State.WAIT_SELLER_SEND_GOODS, State.WAIT_BUYER_CONFIRM_GOODS
_ANSWER, _CARRIER = State.WAIT_SELLER_ANSWER, State.WAIT_CARRIER
_DONE, _CLOSED = State.SUCCESS, State.CLOSED

_BUYER, _AGENT, _CLOCK = (Role.BUYER,), (Role.AGENT,), (Role.CLOCK,)
_SHOP = (Role.AGENT, Role.BOT)
_JUDGES = (Role.MEDIATOR, Role.AGENT)
"""A ruling is the platform's; where it has no account here an agent enters it (`flows.allowed`)."""
_WHY, _WAYBILL, _AMOUNT = (Needs.WHY,), (Needs.WAYBILL,), (Needs.AMOUNT,)

_REFUND, _RETURNED = (Kind.REFUND_ONLY,), (Kind.RETURN_REFUND,)
_RESHIP, _SWAPPED = (Kind.RESHIP,), (Kind.EXCHANGE, Kind.REPAIR)
_FAKE, _EXTRA = (Kind.COUNTERFEIT,), (Kind.COMPENSATION,)
_CAREFUL = (*_EXTRA, *_FAKE)
"""A silent shop has not agreed to these: they go to somebody higher instead."""
_MEASURED = (MONEY | TALK) - {*_EXTRA}
"""What is owed is known from the order, or nothing is; only a compensation may be asked for without an amount."""
_CLAIMS = frozenset(Kind) - TALK
_OFFERABLE = (_AGREE, _REFUSED, _CONFIRM, _SEND)

_WAITING_FOR_THE_SHOP: tuple[Move, ...] = (
    _row(_AGREE, Event.MODIFY, _AGREE, _BUYER, _CLAIMS, needs=(Needs.CHANGE,)),
    _row(_AGREE, Event.AGREE_RETURN, _RETURN, _SHOP, BACK),
    _row(_AGREE, Event.AGREE, _DONE, _SHOP, MONEY - {*_EXTRA}),
    _row(_AGREE, Event.AGREE, _DONE, _SHOP, _EXTRA, given=Given.PRICED),
    _row(_AGREE, Event.AGREE, _SEND, _SHOP, GOODS),
    _row(_AGREE, Event.REFUSE, _REFUSED, _AGENT, _CLAIMS, needs=_WHY),
    _row(_AGREE, Event.REVOKE, _CLOSED, _BUYER, _CLAIMS),
    _row(_AGREE, Event.SELLER_TIMEOUT, _DONE, _CLOCK, _REFUND),
    _row(_AGREE, Event.SELLER_TIMEOUT, _RETURN, _CLOCK, (*_RETURNED, *_SWAPPED)),
    _row(_AGREE, Event.SELLER_TIMEOUT, _SEND, _CLOCK, _RESHIP),
    _row(_AGREE, Event.SELLER_TIMEOUT, _AGREE, _CLOCK, _CAREFUL),
)
_REFUSED_BY_THE_SHOP: tuple[Move, ...] = (
    _row(_REFUSED, Event.MODIFY, _AGREE, _BUYER, _CLAIMS, needs=(Needs.CHANGE,)),
    _row(_REFUSED, Event.REVOKE, _CLOSED, _BUYER, _CLAIMS),
    _row(_REFUSED, Event.BUYER_TIMEOUT, _CLOSED, _CLOCK, _CLAIMS),
)
_COMING_BACK: tuple[Move, ...] = (
    _row(_RETURN, Event.SHIP_BACK, _CONFIRM, (Role.BUYER, Role.AGENT), BACK, needs=_WAYBILL),
    _row(_RETURN, Event.REFUSE, _REFUSED, _AGENT, BACK, needs=_WHY),
    _row(_RETURN, Event.BUYER_TIMEOUT, _CLOSED, _CLOCK, BACK),
    _row(_CONFIRM, Event.SHIP_BACK, _CONFIRM, _BUYER, BACK, needs=_WAYBILL, clock=Runs.ON),
    _row(
        _CONFIRM,
        Event.SHIP_BACK,
        _CONFIRM,
        _AGENT,
        BACK,
        needs=_WAYBILL,
        given=Given.ON_ITS_WAY,
        clock=Runs.ON,
    ),
    _row(
        _CONFIRM,
        Event.RETURN_SIGNED,
        _CONFIRM,
        (Role.CARRIER, Role.AGENT),
        BACK,
        given=Given.ON_ITS_WAY,
        clock=Runs.SIGNED,
    ),
    _row(_CONFIRM, Event.GOODS_INTACT, _DONE, _AGENT, BACK & MONEY),
    _row(_CONFIRM, Event.GOODS_INTACT, _SEND, _AGENT, _SWAPPED),
    _row(_CONFIRM, Event.GOODS_REJECTED, _REFUSED, _AGENT, BACK, needs=_WHY),
    _row(_CONFIRM, Event.REFUSE, _REFUSED, _AGENT, BACK, needs=_WHY),
    _row(_CONFIRM, Event.SELLER_TIMEOUT, _DONE, _CLOCK, _RETURNED),
    _row(_CONFIRM, Event.SELLER_TIMEOUT, _CONFIRM, _CLOCK, _FAKE),
    _row(_CONFIRM, Event.SELLER_TIMEOUT, _SEND, _CLOCK, _SWAPPED),
)
_SENT_ANEW: tuple[Move, ...] = (
    _row(_SEND, Event.SEND_GOODS, _ARRIVE, _AGENT, GOODS, needs=_WAYBILL),
    _row(_SEND, Event.MODIFY, _AGREE, _BUYER, GOODS, needs=(Needs.CHANGE,), given=Given.MISSED),
    _row(_SEND, Event.REFUSE, _REFUSED, _AGENT, GOODS, needs=_WHY),
    _row(_SEND, Event.SELLER_TIMEOUT, _SEND, _CLOCK, GOODS),
    _row(_ARRIVE, Event.CONFIRM_RECEIPT, _DONE, (Role.BUYER, Role.CARRIER), GOODS),
    _row(_ARRIVE, Event.REJECT_GOODS, _AGREE, _BUYER, GOODS, needs=_WHY),
    _row(_ARRIVE, Event.BUYER_TIMEOUT, _DONE, _CLOCK, GOODS),
)
_TALKED_OVER: tuple[Move, ...] = (
    *(_row(state, Event.OFFER, state, _SHOP, _CLAIMS, needs=_AMOUNT, clock=Runs.ON) for state in _OFFERABLE),
    *(_row(state, Event.ACCEPT_OFFER, _DONE, _BUYER, _CLAIMS, given=Given.OFFERED) for state in _OFFERABLE),
    _row(_ANSWER, Event.ANSWER, _DONE, _AGENT, (Kind.COMPLAINT,), needs=_WHY),
    _row(_ANSWER, Event.REVOKE, _CLOSED, _BUYER, (Kind.COMPLAINT,)),
    _row(_ANSWER, Event.SELLER_TIMEOUT, _ANSWER, _CLOCK, (Kind.COMPLAINT,)),
    _row(_CARRIER, Event.ANSWER, _DONE, (Role.AGENT, Role.CARRIER), (Kind.PARCEL_INQUIRY,), needs=_WHY),
    _row(_CARRIER, Event.PARCEL_LOST, _DONE, (Role.AGENT, Role.CARRIER), (Kind.PARCEL_INQUIRY,)),
    _row(_CARRIER, Event.CONFIRM_RECEIPT, _DONE, (Role.BUYER, Role.CARRIER), (Kind.PARCEL_INQUIRY,)),
    _row(_CARRIER, Event.REVOKE, _CLOSED, _BUYER, (Kind.PARCEL_INQUIRY,)),
    _row(_CARRIER, Event.CARRIER_TIMEOUT, _CARRIER, _CLOCK, (Kind.PARCEL_INQUIRY,)),
)
_AT_ANY_TIME: tuple[Move, ...] = tuple(
    row
    for state in OPEN
    for locked in (False, True)
    for row in (
        _row(
            state,
            Event.ADD_EVIDENCE,
            state,
            (Role.BUYER, Role.AGENT),
            needs=(Needs.EVIDENCE,),
            locked=locked,
            clock=Runs.ON,
        ),
        _row(
            state,
            Event.JUDGE,
            state,
            _JUDGES,
            needs=(Needs.CHANGE,),
            locked=locked,
            clock=Runs.ON,
        ),
        _row(
            state,
            Event.RETIME,
            state,
            (Role.OWNER,),
            needs=(Needs.DUE, Needs.WHY),
            locked=locked,
            clock=Runs.GIVEN,
        ),
    )
)
_IN_DISPUTE: tuple[Move, ...] = (
    _row(_REFUSED, Event.INTERVENE, _REFUSED, _BUYER, clock=Runs.STOPS),
    *(
        _row(state, Event.INTERVENE, state, _BUYER, given=Given.MISSED, clock=Runs.STOPS)
        for state in OPEN
        if state not in (_REFUSED, _CARRIER)  # a carrier's silence is not the shop's
    ),
    *(_row(state, Event.INTERVENE, state, (Role.AGENT, Role.MEDIATOR), clock=Runs.STOPS) for state in OPEN),
    *(_row(state, Event.WITHDRAW, state, _JUDGES, locked=True, clock=Runs.RESUMES) for state in OPEN),
    *(_row(state, Event.RULE_FOR_BUYER, _DONE, _JUDGES, _MEASURED, locked=True) for state in OPEN),
    *(
        _row(state, Event.RULE_FOR_BUYER, _DONE, _JUDGES, _EXTRA, locked=True, given=Given.PRICED)
        for state in OPEN
    ),
    *(_row(state, Event.RULE_FOR_BUYER, _SEND, _JUDGES, GOODS, locked=True) for state in OPEN),
    *(_row(state, Event.RULE_FOR_SELLER, _CLOSED, _JUDGES, locked=True) for state in OPEN),
    *(_row(state, Event.RULE_SPLIT, _DONE, _JUDGES, _CLAIMS, locked=True, needs=_AMOUNT) for state in OPEN),
    *(_row(state, Event.EVIDENCE_TIMEOUT, state, _CLOCK, locked=True) for state in OPEN),
    *(_row(state, Event.RULING_TIMEOUT, state, _CLOCK, locked=True) for state in OPEN),
)
TRANSITIONS: tuple[Move, ...] = (
    *_WAITING_FOR_THE_SHOP,
    *_REFUSED_BY_THE_SHOP,
    *_COMING_BACK,
    *_SENT_ANEW,
    *_TALKED_OVER,
    *_AT_ANY_TIME,
    *_IN_DISPUTE,
)

_FIRST = {Kind.COMPLAINT: _ANSWER, Kind.PARCEL_INQUIRY: _CARRIER}


def first_state(kind: Kind) -> State:
    """Where a case of this kind begins."""
    return _FIRST.get(kind, _AGREE)
