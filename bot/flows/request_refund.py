"""I want my money back (仅退款 / 退货退款): from the first word to a case that waits for the seller."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, Kind, Reason, State
from bot.domain.decision import Decision, Say
from bot.domain.evidence import Proof, wanted
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.options import at_fault
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Tone, reply
from bot.domain.terms import Span, Term
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, Verdict, kind_for, may_apply, phase_of, reasons_for
from bot.flows import case_moves
from bot.flows.application import (
    amount_of,
    asked_for,
    chosen_lines,
    doubtful,
    goods_now,
    limit_of,
    lines_known,
    may_mean,
    received,
    verdict_of,
    verdict_on,
)
from bot.flows.application_answers import (
    line_named,
    read_amount,
    read_cancel,
    read_confirm,
    read_evidence,
    read_lines,
    read_reason,
    read_received,
)
from bot.flows.flow import Flow, ask, finish, yes_or_no
from bot.flows.ordering import READS, choose_order, the_order
from bot.flows.unserved import TROUBLES

LINES = reply(
    "request_refund/lines", "line", "all_lines", tone=Tone.NEXT_STEP, option={"line": OrderLine}, order=Order
)
BLOCKED = reply(
    "request_refund/blocked", "revoke", "human", tone=Tone.NEXT_STEP, order=Order, verdict=Verdict
)
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
RECEIVED = reply("request_refund/received", "yes", "no", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)
REASON = reply("request_refund/reason", "reason", tone=Tone.NEXT_STEP, option={"reason": Reason}, order=Order)
NOT_ALLOWED = reply(
    "request_refund/not_allowed",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    reason=Reason,
    verdict=Verdict,
)
AMOUNT = reply("request_refund/amount", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money)
AMOUNT_BOUNDS = reply(
    "request_refund/amount_bounds", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money, asked=Money
)
AMOUNT_CURRENCY = reply(
    "request_refund/amount_currency", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money
)
EVIDENCE = reply(
    "request_refund/evidence",
    "done",
    "later",
    tone=Tone.NEXT_STEP,
    reason=Reason,
    wanted=tuple[Proof, ...],
    count=int,
)
CONFIRM = reply(
    "request_refund/confirm",
    "yes",
    "no",
    tone=Tone.NEXT_STEP,
    order=Order,
    lines=tuple[OrderLine, ...],
    kind=Kind,
    reason=Reason,
    amount=Money,
    verdict=Verdict,
    photos=int,
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


def choose_lines(turn: Turn) -> Decision | None:
    """Ask which product when the order has several."""
    order = the_order(turn)
    if len(order.lines) <= 1 or lines_known(turn):
        return None
    if (told := line_named(turn)) is not None:
        return FLOW.decide(turn.with_talk(turn.talk.fill(lines=told)))
    token = turn.talk.token
    buttons = (
        Button("lines", "all", "all_lines"),
        *(Button("lines", str(line.number), "line", {"line": line}) for line in order.lines),
    )
    return ask(turn, "lines", LINES(order=order, buttons=buttons, token=token))


def stop_when_blocked(turn: Turn) -> Decision | None:
    """An open case on the line, nothing paid, or nothing left to refund: say which, and the way on."""
    order = the_order(turn)
    verdict = may_apply(turn.facts.book(order), chosen_lines(turn))
    if verdict is None:
        return None
    buttons = [Button("start", "escalate", "human")]
    if verdict.rule is Rule.OPEN_CASE and verdict.case:
        buttons.insert(0, Button("start", f"revoke_refund case={verdict.case.number}", "revoke"))
    return finish(turn, BLOCKED(order=order, verdict=verdict, buttons=tuple(buttons)))


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


def ask_received(turn: Turn) -> Decision | None:
    """Ask whether the goods have arrived."""
    order = the_order(turn)
    if not order.shipped or (received(turn) and not doubtful(turn)):
        return None
    return ask(
        turn.with_talk(turn.talk.drop("received").fill(asked="received")),
        "received",
        RECEIVED(order=asked_for(turn), buttons=yes_or_no("received"), token=turn.talk.token),
    )


def ask_reason(turn: Turn) -> Decision | None:
    """Ask for the reason, of those that fit where the goods are."""
    order, fitting = asked_for(turn), reasons_for(goods_now(turn))
    if turn.slot("reason") in fitting:
        return None
    buttons = tuple(Button("reason", reason.value, "reason", {"reason": reason}) for reason in fitting)
    return ask(turn, "reason", REASON(order=order, buttons=buttons, token=turn.talk.token))


def stop_when_over(turn: Turn) -> Decision | None:
    """The right has run out: name the rule, and offer a person."""
    verdict = verdict_on(turn)
    if verdict.allowed:
        return None
    human = Button("start", "escalate", "human")
    say = NOT_ALLOWED(
        order=asked_for(turn), reason=Reason(turn.slot("reason")), verdict=verdict, buttons=(human,)
    )
    return finish(turn, say)


def ask_amount(turn: Turn) -> Decision | None:
    """Ask how much, at most what is left of what was paid."""
    order, limit = asked_for(turn), limit_of(turn)
    buttons = (Button("amount", "all", "all"),)
    if not may_mean(turn.slot("currency"), limit.currency):
        say = AMOUNT_CURRENCY(order=order, limit=limit, buttons=buttons, token=turn.talk.token)
        return ask(turn.with_talk(turn.talk.drop("amount", "currency")), "amount", say)
    asked = amount_of(turn)
    if asked is None:
        turn = turn.with_talk(turn.talk.drop("amount", "currency"))
        return ask(turn, "amount", AMOUNT(order=order, limit=limit, buttons=buttons, token=turn.talk.token))
    if asked.minor <= 0 or asked > limit:
        say = AMOUNT_BOUNDS(order=order, limit=limit, asked=asked, buttons=buttons, token=turn.talk.token)
        return ask(turn.with_talk(turn.talk.drop("amount", "currency")), "amount", say)
    return None


def ask_evidence(turn: Turn) -> Decision | None:
    """Ask for photos where the reason needs them; they may come later."""
    reason = Reason(turn.slot("reason"))
    if reason not in turn.policy.evidence_reasons or turn.slot("evidence"):
        return None
    if received(turn) == "yes":  # a fault told it; another reason told later need not ask
        turn = turn.with_talk(turn.talk.fill(received="yes"))
    count = len(turn.talk.attachments)
    label = "done" if count else "later"
    buttons = (Button("evidence", label, label),)
    asking = EVIDENCE(
        reason=reason, wanted=wanted(reason), count=count, buttons=buttons, token=turn.talk.token
    )
    return ask(turn, "evidence", asking)


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
        amount=amount_of(turn),
        verdict=verdict_on(turn),
        photos=len(turn.talk.attachments),
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
        number=case_number(turn),
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
    return finish(turn, say, effects=case_moves.effects(turn, outcome))


def corrected(turn: Turn, names: frozenset[str]) -> Say:
    """Say what the application says now."""
    reason = Reason(turn.slot("reason")) if "reason" in names else None
    return CHANGED(reason=reason, amount=amount_of(turn) if "amount" in names else None)


def case_number(turn: Turn) -> str:
    """A number a buyer can read out: the day in the shop, and the turn that opened it."""
    return f"R{turn.now.astimezone(turn.policy.timezone):%y%m%d}{turn.serial:04d}"


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
    replies=(
        LINES,
        BLOCKED,
        UNSHIPPED,
        RECEIVED,
        REASON,
        NOT_ALLOWED,
        AMOUNT,
        AMOUNT_BOUNDS,
        AMOUNT_CURRENCY,
        EVIDENCE,
        CONFIRM,
        OPENED,
        DROPPED,
        CHANGED,
    ),
    takes=frozenset({"order_number", "tracking_number", "reason", "received", "amount", "currency"}),
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
