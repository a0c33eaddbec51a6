"""What waits for a case: the clock that runs, the reminder before it, and what is asked once it is over. Rows that come due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.cases import Case, Event, Goods, Reason, State
from bot.domain.evidence import missing
from bot.domain.policy import Policy


class Reminder(StrEnum):
    """What comes due beside the clocks of the transition table; it moves no case."""

    SELLER = "remind_seller"
    BUYER = "remind_buyer"
    EVIDENCE = "remind_evidence"
    """Files that were asked for have not come."""
    RETURN = "look_at_return"
    """The carrier's news of goods that are on their way back are looked at."""
    ARRIVED = "ask_arrived"
    """The bank's days are over: has the money come?"""
    VISIT = "visit"
    """Some weeks after: how is a regular buyer?"""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens to a case by itself, unless the case moves first."""

    kind: str
    """An `Event` of the clock, or a `Reminder`."""
    case: str
    version: int
    """The case's version it was set for; when it fires on another one nothing happens."""
    conversation_id: int
    at: datetime


_SELLERS = frozenset({Event.SELLER_TIMEOUT, Event.EVIDENCE_TIMEOUT})
_BUYERS = frozenset({Event.BUYER_TIMEOUT, Event.EVIDENCE_TIMEOUT})
"""Clocks by which the shop, or the buyer, must act; in a dispute both must show what they have."""
_EVIDENCE_AFTER = timedelta(hours=12)
"""When who sent no photo is asked again; well within the shop's two or three days."""


def dues(case: Case, now: datetime, policy: Policy) -> tuple[Due, ...]:
    """All that waits for the case as it stands, soonest first. What would lie in the past is left out."""
    waiting = [
        *_clock(case),
        *_reminder(case, policy),
        *_evidence(case, now, policy),
        *_return(case, now),
        *_aftercare(case, now, policy),
    ]
    return tuple(
        sorted(
            (due for due in waiting if due.at > now or due.kind == case.clock),
            key=lambda due: (due.at, due.kind),
        )
    )


def _due(case: Case, kind: str, at: datetime) -> Due:
    return Due(kind, case.number, case.version, case.conversation_id, at)


def _clock(case: Case) -> list[Due]:
    return [_due(case, case.clock, case.due_at)] if case.clock and case.due_at else []


def _reminder(case: Case, policy: Policy) -> list[Due]:
    """Whoever must act is reminded, as long before as the policy says."""
    if not case.clock or not case.due_at:
        return []
    reminded = (
        (Reminder.SELLER, _SELLERS, policy.remind_seller_hours),
        (Reminder.BUYER, _BUYERS, policy.remind_buyer_hours),
    )
    return [
        _due(case, reminder, case.due_at - timedelta(hours=hours))
        for reminder, clocks, hours in reminded
        if case.clock in clocks
    ]


def _evidence(case: Case, now: datetime, policy: Policy) -> list[Due]:
    """Once: while the application is new and less has come than was asked for."""
    wanted = case.reason in policy.evidence_reasons or case.reason is Reason.COUNTERFEIT
    if case.version > 1 or case.state is not State.WAIT_SELLER_AGREE or not (wanted and missing(case)):
        return []
    return [_due(case, Reminder.EVIDENCE, now + _EVIDENCE_AFTER)]


def _return(case: Case, now: datetime) -> list[Due]:
    """From day to day until it has come: then the law's days begin, which may end before the shop's."""
    under_way = case.state is State.WAIT_SELLER_CONFIRM_GOODS and case.goods is not Goods.RETURNED
    return [return_due(case, now)] if under_way and case.waybill and not case.locked else []


def return_due(case: Case, now: datetime) -> Due:
    """To be looked at tomorrow."""
    return _due(case, Reminder.RETURN, now + timedelta(days=1))


def _aftercare(case: Case, now: datetime, policy: Policy) -> list[Due]:
    """After a success: has it arrived, and was it well served; some weeks later, how a regular buyer is."""
    if case.state is not State.SUCCESS or case.claim:
        return []
    wanted = policy.aftercare
    asked = [arrival_due(case, now, policy)] if wanted.ask else []
    visit = now + timedelta(days=wanted.visit_after_days)
    return [*asked, *([_due(case, Reminder.VISIT, visit)] if wanted.visit_after_days else [])]


def arrival_due(case: Case, now: datetime, policy: Policy) -> Due:
    """To be asked whether it has come: in the morning of the day after the bank's days, counted from now."""
    return _due(case, Reminder.ARRIVED, policy.bank_by(now) + timedelta(hours=10))
