"""Another address (改地址): asked of the shop while it is there, of the carrier while the parcel is on its way."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, Reason
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, ask, asked_back, finish
from bot.flows.handoff import notify, wait
from bot.flows.one_parcel import OneParcel, under_way
from bot.flows.ordering import choose_order, the_order
from bot.flows.ticket import ask_carrier, how_it_stands, open_ticket
from bot.flows.track_parcel import no_number

ADDRESS = reply("change_address/address", tone=Tone.NEXT_STEP, order=Order)
PASSED_ON = reply(
    "change_address/passed_on",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    minutes=int,
    back_at=datetime | None,
)
ASKED = reply(
    "change_address/asked", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case, parcel=Parcel
)
OUT = reply("change_address/out", "refuse", tone=Tone.APOLOGY | Tone.NEXT_STEP, parcel=Parcel)
DELIVERED = reply(
    "change_address/delivered", "not_received", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, parcel=Parcel
)
POST = reply(
    "desk/change_address", tone=Tone.PLAIN, to=Audience.DESK, personal=("text",), order=Order, text=str
)

_SHORTEST = 6
"""Characters of the shortest message that may be an address, a name or a number."""
_LONGEST = 300
"""Characters of an address that are kept."""
_ONE = OneParcel(under_way)


def choose_parcel(turn: Turn) -> Decision | None:
    """Which parcel, once there are any."""
    return no_number(turn) or _ONE.choose(turn) if the_order(turn).shipped else None


def ask_where_it_is(turn: Turn) -> Decision | None:
    """Have the carrier asked: what is at the door already goes nowhere else."""
    return _ONE.ask_carrier(turn) if the_order(turn).shipped else None


def stop_when_too_late(turn: Turn) -> Decision | None:
    """Delivered, out for delivery, or asked for already: the truth, and what can still be done."""
    order = the_order(turn)
    if not order.shipped:
        return None
    parcel = _ONE.now(turn)
    if case := open_ticket(turn, parcel, Reason.WRONG_ADDRESS):
        return how_it_stands(turn, case, parcel)
    if parcel.state is ParcelState.DELIVERED:
        not_received = Button("start", f"signed_not_received order={order.number}", "not_received")
        human = Button("start", "escalate", "human")
        return finish(turn, DELIVERED(parcel=parcel, buttons=(not_received, human)))
    if parcel.state is ParcelState.OUT_FOR_DELIVERY:
        refuse = Button("start", f"refuse_delivery order={order.number}", "refuse")
        return finish(turn, OUT(parcel=parcel, buttons=(refuse,)))
    return None


def ask_address(turn: Turn) -> Decision | None:
    """Ask for the whole of it: receiver, phone, address. It is for the shop's eyes, and is not said again."""
    if turn.slot("address"):
        return None
    return ask(turn, "address", ADDRESS(order=the_order(turn)))


def pass_on(turn: Turn) -> Decision | None:
    """Not shipped: the shop changes it before the parcel leaves; a later address takes the place of an earlier one."""
    order = the_order(turn)
    if order.shipped:
        return None
    return notify(
        turn,
        FlagReason.FOR_A_PERSON,
        PASSED_ON(order=order, **wait(turn)),
        priority=Priority.HIGH,
        post=POST(order=order, text=turn.slot("address")),
    )


def intercept(turn: Turn) -> Decision | None:
    """On its way: the carrier is asked to take it elsewhere, which it need not."""
    parcel = _ONE.now(turn)
    return ask_carrier(turn, the_order(turn), parcel, Reason.WRONG_ADDRESS, ASKED, said=turn.slot("address"))


def read_address(turn: Turn) -> str | None:
    """Whatever is long enough to be one, and asks for nothing else: "you shipped it already?" is nobody's address."""
    said = " ".join(turn.incoming.text.split())
    asks = (asked_back(turn) and not any(map(str.isdigit, said))) or turn.meaning.intent not in (
        None,
        FLOW.intent,
    )
    return said[:_LONGEST] if len(said) >= _SHORTEST and not asks else None


FLOW = Flow(
    intent="change_address",
    steps=(
        choose_order,
        choose_parcel,
        ask_where_it_is,
        stop_when_too_late,
        ask_address,
        pass_on,
        intercept,
    ),
    replies=(ADDRESS, PASSED_ON, ASKED, OUT, DELIVERED, POST),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "parcel"}),
    free=frozenset({"address"}),
    verbatim=frozenset({"address"}),
    reads={**_ONE.reads, "address": read_address},
)
