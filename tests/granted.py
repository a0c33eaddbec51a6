"""A refund in the store as the engine makes it: an order, a case over it, and an agent who agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.config import load
from bot.domain import engine
from bot.domain.authority import Amounts, Level
from bot.domain.book import Book
from bot.domain.cases import Act, Case, Event, Goods, Kind, Reason, Role, State
from bot.domain.decision import MoveCase, MoveRefund, OpenCase
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.refunds import Refund, RefundAct, RefundEvent, move
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Outturn

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def grant(
    unit: Unit, number: str = "R1", order_number: str = "A1", minor: int = 5_990, two_from: int = 0
) -> Refund:
    """The refund; above `two_from` (where it is set) a second person must approve it."""
    case = apply_for(unit, number, order_number, minor)
    policy = load(None, {}).policy()
    if two_from:
        limit = Amounts({"CNY": Money(two_from, "CNY")})
        policy = replace(policy, authority=replace(policy.authority, two_people=limit))
    order, conversation = unit.order(order_number), unit.conversation(case.conversation_id)
    assert order
    assert conversation
    agree = Act(Event.AGREE, Role.AGENT, NOW, who="小周", account="console:小周")
    agreed = engine.carry_out(case, agree, Book(order, (case,)), policy, Level.OWNER)
    unit.commit([Outturn((), conversation, conversation, (MoveCase(agreed),))], NOW)
    [(refund, _)] = agreed.refunds
    return refund


def bought(number: str = "A2", minor: int = 5_990) -> Order:
    """An order of one line, paid and not shipped."""
    line = OrderLine(1, "S1", "袜子", 1, Money(minor, "CNY"), "socks")
    placed = NOW - timedelta(hours=3)
    return Order(number, "CNY", placed, "林小满", "13800001234", paid_at=placed, lines=(line,))


def apply_for(
    unit: Unit,
    number: str = "R1",
    order_number: str = "A1",
    minor: int = 5_990,
    kind: Kind = Kind.REFUND_ONLY,
    at: datetime = NOW,
) -> Case:
    """A case over an order of one line, that waits for the shop."""
    order = bought(order_number, minor)
    unit.put_orders([order])
    conversation = unit.conversation_at("web", f"buyer of {order_number}", at)
    unit.link_order(order_number, conversation.id, "test", at)
    case = Case(
        number=number,
        conversation_id=conversation.id,
        order_number=order_number,
        lines=(1,),
        kind=kind,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.NOT_RECEIVED,
        reason=Reason.LATE,
        amount=order.paid,
        opened_at=at,
    )
    opened = engine.open_case(case, Book(order), load(None, {}).policy())
    unit.commit([Outturn((), conversation, conversation, (OpenCase(opened),))], at)
    return opened.case


def happens(unit: Unit, refund: Refund, *events: RefundEvent, reference: str = "") -> Refund:
    """One after the other, an hour apart."""
    known = unit.refund(refund.key)
    assert known
    conversation = unit.conversation(known[1])
    assert conversation
    for hours, event in enumerate(events, 1):
        act = RefundAct(
            event, NOW + timedelta(hours=hours), who="console:小周", reference=reference, why="why"
        )
        refund, line = move(refund, act)
        unit.commit([Outturn((), conversation, conversation, (MoveRefund(refund, line),))], act.at)
    return refund
