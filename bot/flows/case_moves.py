"""A case moves: the engine's one door, what is committed, and what is told to whom with the next step and the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain import engine, refunds
from bot.domain.cases import GOODS, Act, Case, Entry, Event, Kind, Role, State
from bot.domain.decision import Audience, Effect, MoveCase, OpenCase, PayOut, Say
from bot.domain.engine import Outcome
from bot.domain.machine import possible
from bot.domain.messages import Button
from bot.domain.refunds import Refund, RefundEvent, RefundState
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn

AGREED = reply(
    "case/agreed", tone=Tone.APOLOGY | Tone.THANKS | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
AGREED_SEND = reply("case/agreed_send", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
AGREED_RETURN = reply(
    "case/agreed_return", "waybill", "human", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case, address=str
)
REFUSED = reply(
    "case/refused",
    "change",
    "revoke",
    "dispute",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    why=str,
)
WAYBILL = reply("case/waybill", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
RETURN_SIGNED = reply("case/return_signed", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
GOODS_INTACT = reply(
    "case/goods_intact", tone=Tone.THANKS | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
INTACT_SEND = reply("case/intact_send", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
SENT_ANEW = reply("case/sent_anew", "received", "not_right", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
ARRIVED = reply("case/arrived", tone=Tone.THANKS, case=Case)
FOUND = reply("case/found", tone=Tone.PLAIN, case=Case)
NOT_RIGHT = reply("case/not_right", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
OFFERED = reply("case/offered", "accept", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case, why=str)
OFFER_TAKEN = reply(
    "case/offer_taken", tone=Tone.THANKS | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
ANSWERED = reply("case/answered", "not_solved", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case, why=str)
CARRIER_ANSWERED = reply("case/carrier_answered", "not_solved", tone=Tone.NEXT_STEP, case=Case, why=str)
PARCEL_LOST = reply("case/parcel_lost", "reship", "refund", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
INTERVENTION = reply("case/intervention", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
WITHDRAWN = reply("case/withdrawn", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
RULED_FOR_BUYER = reply(
    "case/ruled_for_buyer", tone=Tone.APOLOGY | Tone.THANKS, case=Case, days_min=int, days_max=int
)
RULED_SEND = reply("case/ruled_send", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
RULED_FOR_SELLER = reply("case/ruled_for_seller", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
RULED_SPLIT = reply("case/ruled_split", tone=Tone.DEADLINE, case=Case, days_min=int, days_max=int)
AUTO_AGREED = reply(
    "case/auto_agreed", tone=Tone.APOLOGY | Tone.DEADLINE, case=Case, days_min=int, days_max=int
)
AUTO_AGREED_SEND = reply(
    "case/auto_agreed_send", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case
)
AUTO_AGREED_RETURN = reply(
    "case/auto_agreed_return",
    "waybill",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    address=str,
)
AUTO_CLOSED = reply("case/auto_closed", "refund", tone=Tone.NEXT_STEP, case=Case)
AUTO_ARRIVED = reply("case/auto_arrived", "human", tone=Tone.NEXT_STEP, case=Case)
OVERDUE = reply(
    "case/overdue", "dispute", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case
)
CARRIER_SILENT = reply(
    "case/carrier_silent", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case
)
EVIDENCE_OVER = reply("case/evidence_over", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
RULING_LATE = reply("case/ruling_late", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
RETIMED = reply("case/retimed", tone=Tone.THANKS | Tone.DEADLINE, case=Case, why=str)
ELSEWHERE = reply("desk/elsewhere", tone=Tone.PLAIN, to=Audience.DESK, case=Case)
PAY = reply("desk/pay", "paid", "approve", tone=Tone.PLAIN, to=Audience.DESK, case=Case, refund=Refund)

REPLIES = (
    AGREED,
    AGREED_SEND,
    AGREED_RETURN,
    REFUSED,
    WAYBILL,
    RETURN_SIGNED,
    GOODS_INTACT,
    INTACT_SEND,
    SENT_ANEW,
    ARRIVED,
    FOUND,
    NOT_RIGHT,
    OFFERED,
    OFFER_TAKEN,
    ANSWERED,
    CARRIER_ANSWERED,
    PARCEL_LOST,
    INTERVENTION,
    WITHDRAWN,
    RULED_FOR_BUYER,
    RULED_SEND,
    RULED_FOR_SELLER,
    RULED_SPLIT,
    AUTO_AGREED,
    AUTO_AGREED_SEND,
    AUTO_AGREED_RETURN,
    AUTO_CLOSED,
    AUTO_ARRIVED,
    OVERDUE,
    CARRIER_SILENT,
    EVIDENCE_OVER,
    RULING_LATE,
    RETIMED,
    ELSEWHERE,
    PAY,
)

_TOLD: Mapping[tuple[Event, State], Reply] = {
    (Event.AGREE, State.SUCCESS): AGREED,
    (Event.AGREE, State.WAIT_SELLER_SEND_GOODS): AGREED_SEND,
    (Event.AGREE_RETURN, State.WAIT_BUYER_RETURN_GOODS): AGREED_RETURN,
    (Event.REFUSE, State.SELLER_REFUSE_BUYER): REFUSED,
    (Event.GOODS_REJECTED, State.SELLER_REFUSE_BUYER): REFUSED,
    (Event.SHIP_BACK, State.WAIT_SELLER_CONFIRM_GOODS): WAYBILL,
    (Event.RETURN_SIGNED, State.WAIT_SELLER_CONFIRM_GOODS): RETURN_SIGNED,
    (Event.GOODS_INTACT, State.SUCCESS): GOODS_INTACT,
    (Event.GOODS_INTACT, State.WAIT_SELLER_SEND_GOODS): INTACT_SEND,
    (Event.SEND_GOODS, State.WAIT_BUYER_CONFIRM_GOODS): SENT_ANEW,
    (Event.REJECT_GOODS, State.WAIT_SELLER_AGREE): NOT_RIGHT,
    (Event.ACCEPT_OFFER, State.SUCCESS): OFFER_TAKEN,
    (Event.PARCEL_LOST, State.SUCCESS): PARCEL_LOST,
    (Event.RULE_FOR_BUYER, State.SUCCESS): RULED_FOR_BUYER,
    (Event.RULE_FOR_BUYER, State.WAIT_SELLER_SEND_GOODS): RULED_SEND,
    (Event.RULE_FOR_SELLER, State.CLOSED): RULED_FOR_SELLER,
    (Event.RULE_SPLIT, State.SUCCESS): RULED_SPLIT,
    (Event.SELLER_TIMEOUT, State.SUCCESS): AUTO_AGREED,
    (Event.SELLER_TIMEOUT, State.WAIT_BUYER_RETURN_GOODS): AUTO_AGREED_RETURN,
    (Event.BUYER_TIMEOUT, State.CLOSED): AUTO_CLOSED,
    (Event.BUYER_TIMEOUT, State.SUCCESS): AUTO_ARRIVED,
}
_TOLD_ANYWHERE: Mapping[Event, Reply] = {
    Event.OFFER: OFFERED,
    Event.INTERVENE: INTERVENTION,
    Event.WITHDRAW: WITHDRAWN,
    Event.CARRIER_TIMEOUT: CARRIER_SILENT,
    Event.EVIDENCE_TIMEOUT: EVIDENCE_OVER,
    Event.RULING_TIMEOUT: RULING_LATE,
    Event.RETIME: RETIMED,
}
"""Told in the same words whatever state it happens in."""
_SILENT = frozenset({Event.ADD_EVIDENCE, Event.JUDGE, Event.REVOKE, Event.MODIFY})
"""What the shop notes for itself, or the buyer's own flow answers."""


def carry_out(turn: Turn, case: Case, act: Act) -> Outcome:
    """The engine's answer to an act; raises its errors (`CaseError`)."""
    order = turn.facts.order(case.order_number)
    book = turn.facts.book(order) if order else None
    return engine.carry_out(case, act, book, turn.policy, turn.level, known=bool(turn.person))


def open_case(turn: Turn, case: Case) -> Outcome:
    """A new case of the buyer's; raises the engine's errors."""
    order = turn.facts.order(case.order_number)
    if order is None:
        raise LookupError("a case is opened over an order of the buyer's own")
    return engine.open_case(case, turn.facts.book(order), turn.policy)


def number(turn: Turn, kind: str = "R") -> str:
    """A number a buyer can read out: the day in the shop, and the turn that opened it."""
    return f"{kind}{turn.now.astimezone(turn.policy.timezone):%y%m%d}{turn.serial:04d}"


def seen_with(turn: Turn, case: Case) -> Turn:
    """The turn with a case that was just opened or moved, for those who are shown how things stand now."""
    others = (one for one in turn.facts.cases if one.number != case.number)
    return replace(turn, facts=replace(turn.facts, cases=(case, *others)))


def effects(turn: Turn, outcome: Outcome) -> tuple[Effect, ...]:
    """The move, and the orders to pay that may leave at once."""
    moved = OpenCase(outcome) if outcome.entry.start is None else MoveCase(outcome)
    paid = (refund for refund, _ in outcome.refunds if turn.policy.pays_itself and refund.released)
    return (moved, *(PayOut(refund, turn.now) for refund in paid))


def elsewhere(turn: Turn, case: Case) -> Say | None:
    """What an agent is told who acts on a case from another conversation than its own: there nobody would hear of it."""
    return None if case.conversation_id == turn.conversation.id else ELSEWHERE(case=case)


def told(turn: Turn, outcome: Outcome) -> tuple[Say, ...]:
    """What the buyer hears, and what the desk must pay."""
    template = worded_as(outcome.entry, outcome.case)
    to_buyer = (_filled(turn, outcome, template),) if template else ()
    return (*to_buyer, *(pay(turn, outcome.case, refund) for refund, _ in outcome.refunds))


def pay(turn: Turn, case: Case, refund: Refund) -> Say:
    """The desk's post about money that is to leave: who must approve, or that it is to be transferred by hand."""
    return PAY(case=case, refund=refund, buttons=pay_buttons(turn, refund), token="desk")


def pay_buttons(turn: Turn, refund: Refund) -> tuple[Button, ...]:
    """What an agent can do about the money now, of what needs no words."""
    labels = {RefundEvent.APPROVE: "approve", RefundEvent.SUCCEED: "paid", RefundEvent.RETRY: "retry"}
    allowed = [event for event in refunds.possible(refund) if event in labels]
    by_hand = not turn.policy.pays_itself and refund.state is RefundState.CREATED
    if not by_hand and refund.state is not RefundState.SENT:
        allowed = [event for event in allowed if event is not RefundEvent.SUCCEED]
    return tuple(
        Button("act", f"{event.value}:{refund.key}:{refund.version}", labels[event]) for event in allowed
    )


def worded_as(entry: Entry, case: Case) -> Reply | None:
    """The reply by which the buyer hears of a move of the shop's, the platform's or a clock's, with the case after it; None
    for what the shop notes for itself, or the buyer's own flow answers.
    """
    event = entry.act.event
    if event in _SILENT:
        return None
    if event in _TOLD_ANYWHERE:
        return _TOLD_ANYWHERE[event]
    if event is Event.CONFIRM_RECEIPT:
        return ARRIVED if case.kind in GOODS else FOUND
    if event is Event.ANSWER:
        return ANSWERED if case.kind is Kind.COMPLAINT else CARRIER_ANSWERED
    if event is Event.SELLER_TIMEOUT and entry.start is case.state:
        return OVERDUE
    if event is Event.SELLER_TIMEOUT and case.state is State.WAIT_SELLER_SEND_GOODS:
        return AUTO_AGREED_SEND
    return _TOLD[event, case.state]


def _filled(turn: Turn, outcome: Outcome, template: Reply) -> Say:
    case, policy = outcome.case, turn.policy
    known: dict[str, Any] = {
        "case": case,
        "days_min": policy.bank_days_min,
        "days_max": policy.bank_days_max,
        "address": policy.return_address,
        "why": outcome.entry.act.why,
    }
    values = {name: known[name] for name in template.values}
    return template(buttons=ways_on(case, template), **values)


def open_to_buyer(case: Case) -> tuple[Event, ...]:
    """What the buyer may do with the case now."""
    return possible(case, Role.BUYER)


def ways_on(case: Case, template: Reply) -> tuple[Button, ...]:
    """The template's buttons that the case allows now: nothing is offered that would be refused."""
    seen = f"case={case.number} seen={case.version}"
    offered = {
        "waybill": Button("start", f"return_shipment case={case.number}", "waybill"),
        "change": Button("start", f"change_refund case={case.number}", "change"),
        "revoke": Button("start", f"revoke_refund {seen} confirm=yes", "revoke"),
        "dispute": Button("start", f"platform_intervention case={case.number}", "dispute"),
        "human": Button("start", "escalate", "human"),
        "refund": Button("start", f"request_refund order={case.order_number}", "refund"),
        "reship": Button("start", f"parcel_lost order={case.order_number} way=reship", "reship"),
        "accept": Button("start", f"partial_refund {seen} accept=yes", "accept"),
        "received": Button("start", f"exchange_goods {seen} arrived=yes", "received"),
        "not_right": Button("start", f"exchange_goods {seen} arrived=no", "not_right"),
        "not_solved": Button("start", "complaint", "not_solved"),
    }
    allowed = open_to_buyer(case)
    return tuple(
        offered[label] for label in template.labels if label not in _NEEDS or _NEEDS[label] in allowed
    )


_NEEDS = {
    "waybill": Event.SHIP_BACK,
    "change": Event.MODIFY,
    "revoke": Event.REVOKE,
    "dispute": Event.INTERVENE,
    "accept": Event.ACCEPT_OFFER,
    "received": Event.CONFIRM_RECEIPT,
    "not_right": Event.REJECT_GOODS,
}
"""Button to the move it leads to; the others lead to none of this case."""
