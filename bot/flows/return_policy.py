"""What can be returned, and until when (退换规矩): the shop's numbers; of an order, what they come to on its dates."""

from __future__ import annotations

from bot.domain.cases import Reason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict, goods_of, judged
from bot.flows.about_order import about_order, of_each
from bot.flows.flow import Flow, finish

RULES = reply(
    "return_policy/rules",
    "order",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    option={"order": Order},
    no_reason_days=int,
    fault_days=int,
)
OF_ORDER = reply(
    "return_policy/of_order",
    "refund",
    "human",
    tone=Tone.NEXT_STEP,
    order=Order,
    no_reason=Verdict,
    fault=Verdict,
    no_reason_days=int,
    fault_days=int,
)


def verdict_on(turn: Turn, order: Order, reason: Reason) -> Verdict:
    """What the rules of the order's day say to this reason now; a parcel that was delivered is taken for received."""
    goods = goods_of(order, order.delivered)
    return judged(turn.facts.book(order), (), goods, reason, turn.now, turn.policy.of(order))


def of_order(turn: Turn) -> Decision | None:
    """Of the order it is about: may it go back without a reason, with one, and until when."""
    order = about_order(turn)
    if order is None:
        return None
    no_reason, fault = (verdict_on(turn, order, reason) for reason in (Reason.CHANGED_MIND, Reason.QUALITY))
    policy = turn.policy.of(order)
    allowed = no_reason.allowed or fault.allowed
    refund = Button("start", f"request_refund order={order.number}", "refund")
    human = Button("start", "escalate", "human")
    words = OF_ORDER(
        order=order,
        no_reason=no_reason,
        fault=fault,
        no_reason_days=policy.no_reason_days,
        fault_days=policy.fault_days,
        buttons=(refund,) if allowed else (human,),
    )
    return finish(turn, words)


def rules(turn: Turn) -> Decision | None:
    """The rules for everybody, and a button for each order to ask about."""
    policy = turn.policy
    words = RULES(
        no_reason_days=policy.no_reason_days,
        fault_days=policy.fault_days,
        buttons=of_each(turn, "return_policy"),
    )
    return finish(turn, words)


FLOW = Flow(
    intent="return_policy",
    steps=(of_order, rules),
    replies=(RULES, OF_ORDER),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order"}),
)
