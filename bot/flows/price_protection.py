"""The price fell after buying (价保): whether the shop promised to make up for it, and then a person checks and decides."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.domain.calendar import end_of_day
from bot.domain.cases import Case, Kind, Reason, State
from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, goods_of, may_apply, phase_of
from bot.errors import MoneyError
from bot.flows import case_moves
from bot.flows.application import chosen_lines
from bot.flows.application_steps import BLOCKED
from bot.flows.flow import Flow, ask, finish
from bot.flows.handoff import notify
from bot.flows.ordering import READS, choose_order, order_of, the_order
from bot.flows.which_lines import asks_which, choose_lines, read_lines
from bot.understanding.figures import figures

NOT_PROMISED = reply("price_protection/not_promised", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP)
OVER = reply(
    "price_protection/over",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    days=int,
    until=datetime | None,
)
LINE = asks_which("price_protection/line")
PRICE = reply(
    "price_protection/price",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    line=OrderLine,
    days=int,
    until=datetime,
    not_lower=Money | None,
)
OPENED = reply(
    "price_protection/opened",
    "revoke",
    tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    line=OrderLine,
    days=int,
    photos=int,
)

PICTURE = "picture"
"""In place of a price: it is on the screenshot."""


def not_promised(turn: Turn) -> Decision | None:
    """No such promise held on the order's day, or, while no order is named, on any."""
    order = order_of(turn)
    held = (turn.policy.of(order),) if order else (turn.policy, *(old for _, old in turn.policy.earlier))
    if any(policy.promises.price_protection_days for policy in held):
        return None
    return finish(turn, NOT_PROMISED(buttons=_human()))


def stop_when_over(turn: Turn) -> Decision | None:
    """Not paid, or paid too long ago."""
    order, until = the_order(turn), _until(turn)
    if until is not None and turn.now < until + timedelta(seconds=1):
        return None
    return finish(turn, OVER(order=order, days=_days(turn), until=until, buttons=_human()))


def which_line(turn: Turn) -> Decision | Turn | None:
    """Which product of an order with several: each has a price of its own."""
    return choose_lines(turn, LINE)


def stop_when_blocked(turn: Turn) -> Decision | None:
    """Another case is open over it, or nothing is left to pay back."""
    order = the_order(turn)
    verdict = may_apply(turn.facts.book(order), (_line(turn).number,))
    if verdict is None:
        return None
    return finish(turn, BLOCKED(order=order, verdict=verdict, buttons=_human()))


def ask_price(turn: Turn) -> Decision | None:
    """What it costs now: told, or on a screenshot."""
    turn = _with_price(turn)
    told, line = turn.slot("price"), _line(turn)
    fell = _fell(turn)
    if told == PICTURE or (fell is not None and 0 < fell.minor < line.paid.minor):
        return _open(turn, fell)
    until = _until(turn)
    if until is None:
        raise LookupError("stop_when_over comes first")
    words = PRICE(
        order=the_order(turn),
        line=line,
        days=_days(turn),
        until=until,
        not_lower=line.paid if told and fell is not None else None,
    )
    return ask(turn.with_talk(turn.talk.drop("price")), "price", words)


def _with_price(turn: Turn) -> Turn:
    """With what the first words or files tell."""
    told = turn.slot("price") or read_price(turn) or (PICTURE if turn.talk.attachments else "")
    return turn.with_talk(turn.talk.fill(price=told)) if told else turn


def _fell(turn: Turn) -> Money | None:
    """By how much the price of the line fell; None where that is not told in figures. A price told is of one piece."""
    told, line = turn.slot("price"), _line(turn)
    try:
        amount = Money.of(told.lstrip("-"), line.paid.currency)
    except MoneyError:
        return None
    whole = Money(amount.minor * line.quantity, amount.currency)
    return whole if told.startswith("-") else line.paid - whole


def _open(turn: Turn, fell: Money | None) -> Decision:
    """A person checks what nobody here can: what the shop asks for the same thing now."""
    order, line = the_order(turn), _line(turn)
    left = turn.facts.book(order).left((line.number,))
    asked = min(fell, left, key=lambda money: money.minor) if fell else Money(0, order.currency)
    case = Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=(line.number,),
        kind=Kind.COMPENSATION,
        state=State.WAIT_SELLER_AGREE,
        goods=goods_of(order, order.delivered),
        reason=Reason.PRICE_DROP,
        amount=asked,
        opened_at=turn.now,
        phase=phase_of(order),
        rule=Rule.PRICE_PROTECTION.value,
        evidence=turn.talk.attachments,
    )
    outcome = case_moves.open_case(turn, case)
    words = OPENED(
        case=outcome.case,
        line=line,
        days=_days(turn),
        photos=len(case.evidence),
        buttons=(Button("start", f"revoke_refund case={case.number}", "revoke"),),
    )
    known = case_moves.seen_with(turn, outcome.case)
    return notify(known, FlagReason.POLICY, words, effects=case_moves.effects(turn, outcome))


def _line(turn: Turn) -> OrderLine:
    return the_order(turn).pick(chosen_lines(turn))[0]


def _days(turn: Turn) -> int:
    return turn.policy.of(the_order(turn)).promises.price_protection_days


def _until(turn: Turn) -> datetime | None:
    """The last second of the last day of the promise; None for what is not paid."""
    order, zone = the_order(turn), turn.policy.timezone
    if order.paid_at is None or not order.paid or not _days(turn):
        return None
    return end_of_day(order.paid_at.astimezone(zone).date() + timedelta(days=_days(turn)), zone)


def read_price(turn: Turn) -> str | None:
    """The price it has now, as a figure; by how much it fell, with a minus before it; or a screenshot."""
    text, order = turn.meaning.text, order_of(turn)
    if turn.incoming.choice:
        return None
    numbers = [one for one in figures(text) if order is None or one not in order.number]
    told = turn.meaning.slots.get("amount") or (numbers[0] if len(numbers) == 1 else "")
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,4})?", told):
        return f"-{told}" if turn.meaning.slots.get("fell") == "yes" else told
    return PICTURE if turn.incoming.attachments else None


def _human() -> tuple[Button, ...]:
    return (Button("start", "escalate", "human"),)


FLOW = Flow(
    intent="price_protection",
    steps=(
        not_promised,
        choose_order,
        not_promised,
        stop_when_over,
        which_line,
        stop_when_blocked,
        ask_price,
    ),
    replies=(NOT_PROMISED, OVER, LINE, PRICE, OPENED),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order", "lines"}),
    reads={**READS, "lines": read_lines, "price": read_price, "evidence": read_price},
)
"""``evidence`` is never asked: it says that files which come meanwhile are kept."""
