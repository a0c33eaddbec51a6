"""How long a refund takes (退款多久到账): what the policy says, step by step; of a case, by when that is."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import MONEY, Case, Kind, State
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.refunds import RefundState
from bot.domain.replies import Tone, reply
from bot.domain.terms import Span, Term
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish

HOW_LONG = reply(
    "refund_how_long/how_long",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    span=Span,
    span_unshipped=Span,
    days_min=int,
    days_max=int,
    under_way=bool,
)
OF_CASE = reply(
    "refund_how_long/of_case",
    "not_arrived",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    paid=bool,
    at=datetime | None,
    days_min=int,
    days_max=int,
)


def of_case(turn: Turn) -> Decision | None:
    """Of the buyer's own case: what comes first, and by when the bank has it at the latest."""
    case = next((case for case in turn.facts.cases if _will_pay(case)), None)
    if case is None:
        return None
    paid = _is_paid(turn, case)
    missing = Button("start", f"aftercare case={case.number} arrived=no", "not_arrived")
    words = OF_CASE(
        case=case,
        paid=paid,
        at=None if paid else _by(turn, case),
        days_min=turn.policy.bank_days_min,
        days_max=turn.policy.bank_days_max,
        buttons=(missing,) if paid else (),
    )
    return finish(turn, words)


def _will_pay(case: Case) -> bool:
    return case.kind in MONEY and bool(case.amount) and (case.open or case.state is State.SUCCESS)


def _is_paid(turn: Turn, case: Case) -> bool:
    own = [refund for refund in turn.facts.refunds if refund.case == case.number and refund.counts]
    return bool(own) and all(refund.state is RefundState.DONE for refund in own)


def _by(turn: Turn, case: Case) -> datetime | None:
    """Where nothing but the shop's own step stands before the payment: the end of the bank's days after that step."""
    if case.state is State.SUCCESS:
        return turn.policy.bank_by(turn.now)
    only_the_shop = case.state is State.WAIT_SELLER_CONFIRM_GOODS or (
        case.state is State.WAIT_SELLER_AGREE and case.kind is Kind.REFUND_ONLY
    )
    return turn.policy.bank_by(case.due_at) if only_the_shop and case.due_at and not case.locked else None


def tell(turn: Turn) -> Decision | None:
    """The shop's time to answer, and the bank's; who has asked for a refund is told how to see where it stands."""
    policy = turn.policy
    say = HOW_LONG(
        span=policy.spans[Term.SELLER],
        span_unshipped=policy.spans[Term.SELLER_UNSHIPPED],
        days_min=policy.bank_days_min,
        days_max=policy.bank_days_max,
        under_way=bool(turn.facts.cases),
    )
    return finish(turn, say)


FLOW = Flow(intent="refund_how_long", steps=(of_case, tell), replies=(HOW_LONG, OF_CASE))
