"""Who pays the postage (运费谁出): whoever is at fault; of an order, what that comes to."""

from __future__ import annotations

from bot.domain.cases import Reason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict
from bot.flows.about_order import about_order, of_each
from bot.flows.flow import Flow, finish
from bot.flows.return_policy import verdict_on

RULES = reply(
    "shipping_fee_policy/rules",
    "order",
    "human",
    tone=Tone.NEXT_STEP,
    option={"order": Order},
    most=tuple[Money, ...],
)
OF_ORDER = reply(
    "shipping_fee_policy/of_order",
    "refund",
    "human",
    tone=Tone.NEXT_STEP,
    order=Order,
    most=Money,
    no_reason=Verdict,
    fault=Verdict,
)


def of_order(turn: Turn) -> Decision | None:
    """Of the order it is about: who pays for the way back, for each kind of reason, and up to how much."""
    order = about_order(turn)
    if order is None:
        return None
    no_reason, fault = (verdict_on(turn, order, reason) for reason in (Reason.CHANGED_MIND, Reason.QUALITY))
    refund = Button("start", f"request_refund order={order.number}", "refund")
    words = OF_ORDER(
        order=order,
        most=turn.policy.of(order).freight_most.of(order.currency),
        no_reason=no_reason,
        fault=fault,
        buttons=(*((refund,) if no_reason.allowed or fault.allowed else ()), _human()),
    )
    return finish(turn, words)


def rules(turn: Turn) -> Decision | None:
    """Whoever is at fault pays."""
    buttons = (*of_each(turn, "shipping_fee_policy"), _human())
    return finish(turn, RULES(most=tuple(turn.policy.freight_most), buttons=buttons))


def _human() -> Button:
    return Button("start", "escalate", "human")


FLOW = Flow(
    intent="shipping_fee_policy",
    steps=(of_order, rules),
    replies=(RULES, OF_ORDER),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order"}),
)
