"""Hurry up (催件/催发货): the promise and a nudge while it is in the shop, the truth or a ticket once it is on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case, Goods, Reason
from bot.domain.conversation import Conversation
from bot.domain.decision import Audience, Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish
from bot.flows.handoff import wait
from bot.flows.one_parcel import OneParcel, under_way
from bot.flows.ordering import choose_order, the_order
from bot.flows.ticket import ask_carrier, how_it_stands, minding_refund, open_ticket, ways_out
from bot.flows.track_parcel import no_number, not_shipped

UNSHIPPED = reply(
    "hurry_parcel/unshipped",
    "refund",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    due=datetime | None,
    broken=bool,
    nudged_now=bool,
    minutes=int,
    back_at=datetime | None,
)
CANCELLING = reply(
    "hurry_parcel/cancelling", "revoke", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order, case=Case
)
ON_ITS_WAY = reply(
    "hurry_parcel/on_its_way", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, parcel=Parcel
)
DELIVERED = reply("hurry_parcel/delivered", "not_received", tone=Tone.NEXT_STEP, parcel=Parcel)
ASKED = reply(
    "hurry_parcel/asked",
    "refund",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)
NUDGE = reply(
    "desk/hurry_shipping", tone=Tone.PLAIN, to=Audience.DESK, order=Order, due=datetime | None, broken=bool
)

_AGAIN = timedelta(days=1)
"""The shop is asked to ship an order once in so long."""
_ONE = OneParcel(under_way)


def stop_when_cancelling(turn: Turn) -> Decision | None:
    """Who has asked for the money back is not sent the goods: say so, and how to have them after all."""
    order = the_order(turn)
    applied = (
        case for case in turn.facts.cases if case.open and case.order_number == order.number and case.lines
    )
    case = next(applied, None)
    if order.shipped or order.paid_at is None or case is None:
        return None
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    return finish(turn, CANCELLING(order=order, case=case, buttons=(revoke,)))


def nudge(turn: Turn) -> Decision | None:
    """Not shipped: what was promised, whether that is broken, and the shop is asked to ship, once a day at most."""
    order = the_order(turn)
    if order.shipped or order.paid_at is None or not turn.facts.book(order).left():
        return None
    due = ship_by(turn, order)
    broken = due is not None and due < turn.now
    last = turn.conversation.nudged.get(order.number)
    again = last is None or turn.now - last >= _AGAIN
    refund = Button("start", f"request_refund order={order.number}", "refund")
    words = UNSHIPPED(order=order, due=due, broken=broken, nudged_now=again, **wait(turn), buttons=(refund,))
    said = finish(turn, words, *((NUDGE(order=order, due=due, broken=broken),) if again else ()))
    return replace(said, conversation=_nudged(said.conversation, order, turn.now)) if again else said


def ship_by(turn: Turn, order: Order) -> datetime | None:
    """When the shop promised to have shipped it; None when it promised nothing."""
    hours = turn.policy.of(order).promises.ship_within_hours
    return order.paid_at + timedelta(hours=hours) if hours and order.paid_at else None


def _nudged(conversation: Conversation, order: Order, now: datetime) -> Conversation:
    """What is older than a day no longer matters."""
    kept = {number: at for number, at in conversation.nudged.items() if now - at < _AGAIN}
    return replace(conversation, nudged={**kept, order.number: now})


def tell(turn: Turn) -> Decision | None:
    """It is there, or comes by a day that is still ahead: that is the truth, and nobody need be asked."""
    order, parcel = the_order(turn), _ONE.now(turn)
    if open_ticket(turn, parcel, Reason.LATE):
        return None
    if parcel.state is ParcelState.DELIVERED:
        button = Button("start", f"signed_not_received order={order.number}", "not_received")
        return finish(turn, DELIVERED(parcel=parcel, buttons=(button,)))
    return finish(turn, ON_ITS_WAY(parcel=parcel)) if comes(parcel, turn.now) else None


def comes(parcel: Parcel, now: datetime) -> bool:
    """True when it moves and the day it is expected is still ahead."""
    moving = parcel.state is not ParcelState.EXCEPTION and not parcel.overdue(now)
    return moving and parcel.eta is not None and parcel.eta > now


def chase(turn: Turn) -> Decision | None:
    """Late, silent or nobody knows: the carrier is asked."""
    order, parcel = the_order(turn), _ONE.now(turn)
    ways = ways_out(turn, order, Goods.NOT_RECEIVED, Reason.LATE, FLOW.intent)
    refund = tuple(button for button in ways if button.label in ASKED.labels)
    if case := open_ticket(turn, parcel, Reason.LATE):
        return how_it_stands(turn, case, parcel, refund)
    asked = ask_carrier(turn, order, parcel, Reason.LATE, ASKED, offered=refund)
    return minding_refund(turn, asked, order, Reason.LATE)


FLOW = Flow(
    intent="hurry_parcel",
    steps=(
        choose_order,
        stop_when_cancelling,
        nudge,
        not_shipped,
        no_number,
        _ONE.choose,
        _ONE.ask_carrier,
        tell,
        chase,
    ),
    replies=(UNSHIPPED, CANCELLING, ON_ITS_WAY, DELIVERED, ASKED, NUDGE),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "parcel"}),
    kin=frozenset({"track_parcel"}),
    reads=_ONE.reads,
)
