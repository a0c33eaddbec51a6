"""A case moved, by an agent or by its clock: commit it, and tell the buyer with the next step and the deadline."""

from __future__ import annotations

from typing import Any

from bot.domain.cases import Case, Entry, Event, State
from bot.domain.decision import Audience, Effect, MoveCase, PayRefund, Say
from bot.domain.messages import Button
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn

AGREED = reply("case/agreed", tone=Tone.THANKS | Tone.DEADLINE, case=Case, days_min=int, days_max=int)
AGREED_RETURN = reply("case/agreed_return", "human", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
REFUSED = reply(
    "case/refused", "revoke", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case, why=str
)
WAYBILL = reply("case/waybill", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
GOODS_INTACT = reply(
    "case/goods_intact", tone=Tone.THANKS | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
LOCKED = reply("case/intervention", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
RULED_FOR_BUYER = reply(
    "case/ruled_for_buyer",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.DEADLINE,
    case=Case,
    days_min=int,
    days_max=int,
)
RULED_FOR_SELLER = reply("case/ruled_for_seller", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
AUTO_AGREED = reply(
    "case/auto_agreed", tone=Tone.APOLOGY | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
AUTO_AGREED_RETURN = reply(
    "case/auto_agreed_return", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case
)
AUTO_CLOSED = reply("case/auto_closed", "refund", tone=Tone.NEXT_STEP, case=Case)
PAY = reply("desk/pay", tone=Tone.PLAIN, to=Audience.DESK, case=Case)

REPLIES = (
    AGREED,
    AGREED_RETURN,
    REFUSED,
    WAYBILL,
    GOODS_INTACT,
    LOCKED,
    RULED_FOR_BUYER,
    RULED_FOR_SELLER,
    AUTO_AGREED,
    AUTO_AGREED_RETURN,
    AUTO_CLOSED,
    PAY,
)

_TOLD: dict[tuple[Event, State], Reply] = {
    (Event.AGREE, State.SUCCESS): AGREED,
    (Event.AGREE_RETURN, State.WAIT_BUYER_RETURN_GOODS): AGREED_RETURN,
    (Event.REFUSE, State.SELLER_REFUSE_BUYER): REFUSED,
    (Event.GOODS_REJECTED, State.SELLER_REFUSE_BUYER): REFUSED,
    (Event.SHIP_BACK, State.WAIT_SELLER_CONFIRM_GOODS): WAYBILL,
    (Event.GOODS_INTACT, State.SUCCESS): GOODS_INTACT,
    (Event.RULE_FOR_BUYER, State.SUCCESS): RULED_FOR_BUYER,
    (Event.RULE_FOR_SELLER, State.CLOSED): RULED_FOR_SELLER,
    (Event.SELLER_TIMEOUT, State.SUCCESS): AUTO_AGREED,
    (Event.SELLER_TIMEOUT, State.WAIT_BUYER_RETURN_GOODS): AUTO_AGREED_RETURN,
    (Event.BUYER_TIMEOUT, State.CLOSED): AUTO_CLOSED,
}


def effects(case: Case, entry: Entry) -> tuple[Effect, ...]:
    """The move itself, and the order to pay when it ends in success."""
    if case.state is State.SUCCESS:
        return (MoveCase(case, entry), PayRefund(f"refund:{case.number}", case))
    return (MoveCase(case, entry),)


def told(turn: Turn, case: Case, entry: Entry) -> tuple[Say, ...]:
    """What the buyer hears, and what the desk must pay."""
    template = LOCKED if entry.event is Event.INTERVENE else _TOLD[entry.event, case.state]
    values: dict[str, Any] = {"case": case}
    if "days_min" in template.values:
        values |= {"days_min": turn.policy.bank_days_min, "days_max": turn.policy.bank_days_max}
    if "why" in template.values:
        values["why"] = entry.why
    to_buyer = template(buttons=_ways_on(case, template), **values)
    return (to_buyer, PAY(case=case)) if case.state is State.SUCCESS else (to_buyer,)


def _ways_on(case: Case, template: Reply) -> tuple[Button, ...]:
    offered = {
        "revoke": Button(
            "start", f"revoke_refund case={case.number} seen={case.version} confirm=yes", "revoke"
        ),
        "human": Button("start", "escalate", "human"),
        "refund": Button("start", f"request_refund order={case.order_number}", "refund"),
    }
    return tuple(offered[label] for label in template.labels)
