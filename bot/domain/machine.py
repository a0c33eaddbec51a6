"""Moving a case by the transition table: these functions are the only ones that do.

A move that the table does not have raises `IllegalMove` and changes nothing. What may be done next is read from the same
table (`possible`), so no button can offer what the engine would refuse. The history alone rebuilds the case (`rebuilt`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import ENDED, TALK, Act, Case, Change, Entry, Event, Goods, Responsibility, Role, State
from bot.domain.money import Money
from bot.domain.options import at_fault
from bot.domain.terms import Terms
from bot.domain.transitions import TRANSITIONS, Move, Needs, Runs, first_state
from bot.errors import IllegalMove, StaleVersion

_AMOUNT_TAKEN = frozenset({Event.RULE_SPLIT, Event.SELLER_TIMEOUT})
"""Acts whose amount, where one is named, is what is paid."""
_REFUSALS = frozenset({Event.REFUSE, Event.GOODS_REJECTED})
_BACK_WITH_THE_SHOP = frozenset({Event.RETURN_SIGNED, Event.GOODS_INTACT, Event.GOODS_REJECTED})
_LET_RUN_OUT = frozenset({Event.SELLER_TIMEOUT, Event.CARRIER_TIMEOUT})
_STAYS = frozenset({Runs.ON, Runs.GIVEN})
_UNLOCKING = frozenset({Event.WITHDRAW, Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER, Event.RULE_SPLIT})


def possible(case: Case, by: Role) -> tuple[Event, ...]:
    """What this person may do with the case now, in the table's order.

    The clock may do only what the clock that runs is set to.
    """
    events = dict.fromkeys(row.event for row in TRANSITIONS if by in row.by and row.fits(case))
    return tuple(event for event in events if by is not Role.CLOCK or event is case.clock)


def needs(case: Case, event: Event, by: Role) -> frozenset[Needs]:
    """What this act must bring; IllegalMove when it is not possible at all."""
    return _find(case, event, by).needs


def apply(case: Case, terms: Terms, by: Role = Role.BUYER, who: str = "") -> tuple[Case, Entry]:
    """The case with its first clock running, and the first line of its history."""
    opened = terms.started(replace(case, state=first_state(case.kind)), case.opened_at)
    act = Act(Event.APPLY, by, case.opened_at, who=who, why=case.reason.value, evidence=case.evidence)
    entry = Entry(case.number, 1, act, None, opened.state, opened.clock, opened.due_at, born=opened)
    return opened, entry


def move(case: Case, act: Act, terms: Terms) -> tuple[Case, Entry]:
    """The case after the act, and its line of history.

    Raises `StaleVersion` when the case has moved since the mover looked, `IllegalMove` when the table has no such move
    or the act does not bring what the row needs. Nothing is changed then.
    """
    if act.seen is not None and act.seen != case.version:
        raise StaleVersion(
            f"{case.number} has changed since: you saw version {act.seen}, it is at {case.version}"
        )
    row = _find(case, act.event, act.by)
    _check(case, row, act)
    after = _timed(_moved(case, row, act), case, row, act, terms)
    entry = Entry(case.number, after.version, act, case.state, after.state, after.clock, after.due_at)
    return after, entry


def rebuilt(history: Sequence[Entry]) -> Case:
    """The case as its history tells it; IllegalMove when the lines can't have come from this table."""
    first, *rest = history
    if first.born is None:
        raise IllegalMove(f"the history of {first.case} does not begin with its application")
    case = first.born
    for entry in rest:
        if entry.version != case.version + 1 or entry.start is not case.state:
            raise IllegalMove(
                f"line {entry.version} of {entry.case} does not follow on what stands before it"
            )
        moved = _moved(case, _find(case, entry.act.event, entry.act.by), entry.act)
        case = replace(moved, clock=entry.clock, due_at=entry.due_at)
    return case


def _find(case: Case, event: Event, by: Role) -> Move:
    if event in possible(case, by):
        return next(row for row in TRANSITIONS if row.event is event and by in row.by and row.fits(case))
    raise IllegalMove(
        f"{case.number} is {case.state.value}{' (locked)' * case.locked}: {event.value} is not possible"
    )


def _check(case: Case, row: Move, act: Act) -> None:
    """What the row needs is brought; money is of the case's own currency, and above nothing."""
    brought = {
        Needs.WHY: bool(act.why.strip()),
        Needs.WAYBILL: bool(act.waybill.strip()),
        Needs.AMOUNT: act.amount is not None and act.amount.minor > 0,
        Needs.CHANGE: bool(act.change),
        Needs.EVIDENCE: bool(act.evidence),
        Needs.DUE: act.due_at is not None,
    }
    for need in Needs:
        if need in row.needs and not brought[need]:
            raise IllegalMove(f"{act.event.value} on {case.number} needs {_NAMED[need]}")
    for money in (act.amount, act.change.amount):
        if money is not None and (money.currency != case.amount.currency or money.minor < 0):
            raise IllegalMove(f"{act.event.value} on {case.number} takes an amount in {case.amount.currency}")
    if Needs.CHANGE in row.needs and not _may_change(act):
        raise IllegalMove(f"{act.event.value} on {case.number} can't change that")


def _may_change(act: Act) -> bool:
    """The buyer changes what they ask for, but not into another matter; who judges says whose fault it is, and no more."""
    asked = replace(act.change, responsibility=None)
    if act.event is Event.JUDGE:
        return not asked
    return act.change.responsibility is None and act.change.kind not in TALK


_NAMED = {
    Needs.WHY: "a reason",
    Needs.WAYBILL: "the waybill's number",
    Needs.AMOUNT: "an amount",
    Needs.CHANGE: "what is to change",
    Needs.EVIDENCE: "a file",
    Needs.DUE: "the new deadline",
}


def _moved(case: Case, row: Move, act: Act) -> Case:
    """Everything but the clock that runs."""
    change, event = act.change if Needs.CHANGE in row.needs else Change(), act.event
    changed = _stopwatch(change.on(case), row, act.at)
    return replace(
        changed,
        state=row.end,
        version=case.version + 1,
        locked=event is Event.INTERVENE or (case.locked and event not in _UNLOCKING),
        goods=_goods(case, row),
        amount=_amount(changed, act),
        freight=act.amount if event is Event.SHIP_BACK and act.amount else case.freight,
        waybill=act.waybill.strip() if event is Event.SHIP_BACK else case.waybill,
        sent_waybill=act.waybill.strip() if event is Event.SEND_GOODS else case.sent_waybill,
        offer=act.amount if event is Event.OFFER else case.offer if row.clock in _STAYS else None,
        missed=case.missed + (event in _LET_RUN_OUT),
        ended_by=event if row.end in ENDED else None,
        refused=act.why if event in _REFUSALS else case.refused,
        responsibility=_responsibility(changed, change),
        evidence=(*case.evidence, *act.evidence),
    )


def _goods(case: Case, row: Move) -> Goods:
    """Where they are; what the shop asks for once more it has sent to the buyer again."""
    if row.event in _BACK_WITH_THE_SHOP:
        return Goods.RETURNED
    asked_again = row.end is State.WAIT_BUYER_RETURN_GOODS and case.goods is Goods.RETURNED
    return Goods.RECEIVED if asked_again else case.goods


def _responsibility(changed: Case, change: Change) -> Responsibility:
    """Another reason is another claim: whose fault it is goes by that again, unless it is judged with it."""
    told_anew = change.reason is not None and change.responsibility is None
    return at_fault(changed.reason) if told_anew else changed.responsibility


def _amount(case: Case, act: Act) -> Money:
    if act.event is Event.ACCEPT_OFFER and case.offer is not None:
        return case.offer
    return act.amount if act.event in _AMOUNT_TAKEN and act.amount is not None else case.amount


def _stopwatch(case: Case, row: Move, at: datetime) -> Case:
    """What was left on a clock is kept while it stands still."""
    if row.clock is Runs.STOPS:
        left = max(case.due_at - at, timedelta()) if case.due_at else timedelta()
        return replace(case, stopped=case.clock, left=left)
    return (
        case if case.locked and row.event not in _UNLOCKING else replace(case, stopped=None, left=timedelta())
    )


def _timed(after: Case, before: Case, row: Move, act: Act, terms: Terms) -> Case:
    """The clock that runs from now on."""
    match row.clock:
        case Runs.ON:
            return after
        case Runs.SIGNED:
            return terms.signed(after, act.at)
        case Runs.GIVEN:
            return replace(after, due_at=act.due_at)
        case Runs.RESUMES if before.stopped:
            return replace(after, clock=before.stopped, due_at=act.at + before.left)
    return terms.started(after, act.at)
