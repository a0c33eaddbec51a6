"""I want my money back (仅退款 / 退货退款): from the first word to a case that waits for the seller."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, Kind, Reason, State
from bot.domain.decision import Decision, Say
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.options import Option, at_fault, shop_pays
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Tone, reply
from bot.domain.terms import Span, Term
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict, kind_for, phase_of, reasons_for
from bot.flows import application_steps, case_moves
from bot.flows.application import (
    amount_of,
    asked_for,
    chosen_lines,
    goods_now,
    limit_of,
    verdict_of,
    verdict_on,
)
from bot.flows.application_answers import (
    read_amount,
    read_cancel,
    read_confirm,
    read_evidence,
    read_reason,
    read_received,
)
from bot.flows.application_steps import (
    ask_another_amount,
    ask_evidence,
    ask_received,
    stop_when_blocked,
    stop_when_over,
)
from bot.flows.carrier_claim import with_claim
from bot.flows.flow import Flow, ask, finish, yes_or_no
from bot.flows.ordering import READS, choose_order, order_of, the_order
from bot.flows.troubles import TROUBLES
from bot.flows.which_lines import choose_lines, read_lines

UNSHIPPED = reply(
    "request_refund/unshipped",
    "yes",
    "no",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    amount=Money,
    span=Span,
    reason=Reason | None,
)
REASON = reply(
    "request_refund/reason",
    "reason",
    tone=Tone.NEXT_STEP,
    option={"reason": Reason},
    order=Order,
    wish=Option | None,
)
AMOUNT = reply("request_refund/amount", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money)
CONFIRM = reply(
    "request_refund/confirm",
    "yes",
    "no",
    tone=Tone.NEXT_STEP,
    order=Order,
    lines=tuple[OrderLine, ...],
    kind=Kind,
    reason=Reason,
    subject=str,
    amount=Money,
    verdict=Verdict,
    photos=int,
    at_once=bool,
    buyer_pays=bool,
)
OPENED = reply(
    "request_refund/opened",
    "revoke",
    tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    order=Order,
    evidence_missing=bool,
    due=datetime,
)
DROPPED = reply("request_refund/dropped", tone=Tone.NEXT_STEP)
CHANGED = reply("request_refund/changed", tone=Tone.PLAIN, reason=Reason | None, amount=Money | None)


def offer_cancel(turn: Turn) -> Decision | None:
    """Nothing shipped yet: cancelling with a full refund is offered first, and shows the reason where one is told."""
    order = the_order(turn)
    reason = next((each for each in reasons_for(goods_now(turn)) if each == turn.slot("reason")), None)
    if order.shipped or turn.slot("cancel") == "no" or turn.slot("amount") not in ("", "all"):
        return None
    if turn.slot("cancel") == "leave":
        return finish(turn, DROPPED())
    if turn.slot("cancel") == "yes":
        return _open(turn, reason or Reason.CHANGED_MIND, limit_of(turn))
    say = UNSHIPPED(
        order=order,
        amount=limit_of(turn),
        span=turn.policy.of(order).spans[Term.SELLER_UNSHIPPED],
        reason=reason,
        buttons=yes_or_no("cancel"),
        token=turn.talk.token,
    )
    return ask(turn, "cancel", say)


def ask_reason(turn: Turn) -> Decision | None:
    """Ask for the reason, of those that fit where the goods are."""
    order, fitting = asked_for(turn), reasons_for(goods_now(turn))
    if turn.slot("reason") in fitting:
        return None
    buttons = tuple(Button("reason", reason.value, "reason", {"reason": reason}) for reason in fitting)
    return ask(turn, "reason", REASON(order=order, wish=None, buttons=buttons, token=turn.talk.token))


def ask_amount(turn: Turn) -> Decision | None:
    """Ask how much, at most what is left of what was paid."""
    if (again := ask_another_amount(turn)) is not None:
        return again
    if amount_of(turn) is not None:
        return None
    turn, order = turn.with_talk(turn.talk.drop("amount", "currency")), asked_for(turn)
    buttons = (Button("amount", "all", "all"),)
    say = AMOUNT(order=order, limit=limit_of(turn), buttons=buttons, token=turn.talk.token)
    return ask(turn, "amount", say)


def confirm(turn: Turn) -> Decision | None:
    """Show the whole application before it is made."""
    if turn.slot("confirm") == "no":
        return finish(turn, DROPPED())
    if turn.slot("confirm") == "yes":
        return None
    order, reason = the_order(turn), Reason(turn.slot("reason"))
    say = CONFIRM(
        order=order,
        lines=order.pick(chosen_lines(turn)),
        kind=kind_for(goods_now(turn), reason),
        reason=reason,
        subject="",
        amount=amount_of(turn),
        verdict=verdict_on(turn),
        photos=len(turn.talk.attachments),
        at_once=False,
        buyer_pays=not shop_pays(at_fault(reason)),
        buttons=yes_or_no("confirm"),
        token=turn.talk.token,
    )
    return ask(turn, "confirm", say)


def open_case(turn: Turn) -> Decision | None:
    """Make the application."""
    amount = amount_of(turn)
    if amount is None:
        raise LookupError("ask_amount comes first")
    return _open(turn, Reason(turn.slot("reason")), amount)


def _open(turn: Turn, reason: Reason, amount: Money) -> Decision:
    order, goods = the_order(turn), goods_now(turn)
    case = Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=tuple(line.number for line in order.pick(chosen_lines(turn))),
        kind=kind_for(goods, reason),
        state=State.WAIT_SELLER_AGREE,
        goods=goods,
        reason=reason,
        amount=amount,
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(reason),
        rule=verdict_of(turn, reason).rule.value,
        evidence=turn.talk.attachments,
    )
    outcome = case_moves.open_case(turn, case)
    missing = reason in turn.policy.evidence_reasons and not case.evidence
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    opened = outcome.case
    say = OPENED(
        case=opened, order=asked_for(turn), evidence_missing=missing, due=opened.due_at, buttons=(revoke,)
    )
    return with_claim(turn, opened, finish(turn, say, effects=case_moves.effects(turn, outcome)))


def corrected(turn: Turn, names: frozenset[str]) -> Say | None:
    """Say what the application says now; what "half" comes to is not known before the order is."""
    reason = Reason(turn.slot("reason")) if "reason" in names else None
    amount = amount_of(turn) if "amount" in names and order_of(turn) else None
    return CHANGED(reason=reason, amount=amount) if reason or amount else None


FLOW = Flow(
    intent="request_refund",
    steps=(
        choose_order,
        choose_lines,
        stop_when_blocked,
        offer_cancel,
        ask_received,
        ask_reason,
        stop_when_over,
        ask_amount,
        ask_evidence,
        confirm,
        open_case,
    ),
    replies=(*application_steps.REPLIES, UNSHIPPED, REASON, AMOUNT, CONFIRM, OPENED, DROPPED, CHANGED),
    takes=frozenset(
        {"order_number", "tracking_number", "reason", "received", "amount", "currency", "evidence"}
    ),
    starts=frozenset({"order", "lines"}),
    own_no=frozenset({"cancel", "confirm"}),
    undone_by="revoke_refund",
    summaries=frozenset({"cancel", "confirm"}),
    corrects=frozenset({"amount", "currency", "reason", "received"}),
    corrected=corrected,
    kin=TROUBLES | {"return_goods", "change_refund"},
    reads={
        **READS,
        "lines": read_lines,
        "cancel": read_cancel,
        "received": read_received,
        "reason": read_reason,
        "amount": read_amount,
        "evidence": read_evidence,
        "confirm": read_confirm,
    },
)
