"""What the shop's policy says of a case, for the dossier. Richer verdicts get their place here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.orders import Order
from bot.domain.policy import Policy
from bot.domain.verdicts import Verdict, may_refund


@dataclass(frozen=True, slots=True)
class Judged:
    """A question that was put to the policy, and its answer."""

    question: str
    """Worded in group ``dossier`` as ``asked_<question>``."""
    at: datetime
    """The moment it is judged by."""
    verdict: Verdict


def verdicts(case: Case, order: Order, policy: Policy) -> tuple[Judged, ...]:
    """Whether the buyer had the right to what they applied for, on the day they did, by the policy of the order's day."""
    held = policy.of(order)
    right = may_refund(order, case.lines, case.goods, case.reason, case.opened_at, held)
    return (Judged("apply", case.opened_at, right),)
