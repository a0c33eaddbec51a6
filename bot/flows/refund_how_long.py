"""How long a refund takes (退款多久到账): what the policy says, step by step."""

from __future__ import annotations

from bot.domain.decision import Decision
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


FLOW = Flow(intent="refund_how_long", steps=(tell,), replies=(HOW_LONG,))
