"""What a moved holiday or an edited policy does to the deadlines that run: which would end at another time, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cases import Case, Entry, Event
from bot.domain.orders import Order
from bot.domain.policy import Policy
from bot.domain.terms import clock_of

_NOT_OF_THE_POLICY = frozenset({Event.RETURN_SIGNED, Event.WITHDRAW, Event.RETIME})
"""What set a clock otherwise than by the policy alone: it stays as it was set."""
_NOTICE = timedelta(days=1)
"""What whoever must act is left at least: a shorter term takes nobody's right away overnight."""


@dataclass(frozen=True, slots=True)
class Retimed:
    """A deadline that would be another one."""

    case: Case
    since: datetime
    """When its clock was started."""
    due_at: datetime
    """When it would end by the policy as it is now."""


def retimed(
    case: Case, history: Sequence[Entry], order: Order | None, policy: Policy, now: datetime
) -> Retimed | None:
    """The case's deadline as the policy has it now; None when that changes nothing.

    A deadline is brought forward to a day from now at most, and never put off by that.
    """
    started = _started(case, history)
    if started is None or case.due_at is None or started.act.event in _NOT_OF_THE_POLICY:
        return None
    before = replace(case, clock=None) if case.clock is Event.EVIDENCE_TIMEOUT else case
    found = clock_of(before)
    if found is None:
        return None
    due_at = policy.of(order).terms.after(started.act.at, found[1])
    due_at = min(case.due_at, max(due_at, now + _NOTICE)) if due_at < case.due_at else due_at
    return Retimed(case, started.act.at, due_at) if due_at != case.due_at else None


def _started(case: Case, history: Sequence[Entry]) -> Entry | None:
    """The line of history that started the clock that runs."""
    found = None
    for entry in reversed(history):
        if (entry.clock, entry.due_at) != (case.clock, case.due_at):
            break
        found = entry
    return found
