"""My parcel is lost (丢件): the carrier is asked, and it is sent again or the money goes back."""

from __future__ import annotations

from bot.domain.cases import Case, Goods, Reason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import resending
from bot.flows.flow import Flow, finish
from bot.flows.one_parcel import OneParcel, under_way
from bot.flows.ordering import choose_order, the_order
from bot.flows.ticket import ask_carrier, how_it_stands, minding_refund, open_ticket, ways_out
from bot.flows.track_parcel import no_number, not_shipped
from bot.flows.which_lines import read_lines

DELIVERED = reply("parcel_lost/delivered", "not_received", tone=Tone.APOLOGY | Tone.NEXT_STEP, parcel=Parcel)
MOVING = reply("parcel_lost/moving", "hurry", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, parcel=Parcel)
ASKED = reply(
    "parcel_lost/asked",
    "reship",
    "refund",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)

_ONE = OneParcel(under_way)


def reship(turn: Turn) -> Decision | None:
    """Sent again, where the buyer chose that."""
    return resending.reship(turn)


def tell(turn: Turn) -> Decision | None:
    """It was delivered, or it moves: say so before anything is opened."""
    order, parcel = the_order(turn), _ONE.now(turn)
    if open_ticket(turn, parcel, Reason.LOST):
        return None
    if parcel.state is ParcelState.DELIVERED:
        button = Button("start", f"signed_not_received order={order.number}", "not_received")
        return finish(turn, DELIVERED(parcel=parcel, buttons=(button,)))
    if parcel.overdue(turn.now) or parcel.state is ParcelState.EXCEPTION or parcel.last_event is None:
        return None
    buttons = (
        Button("start", f"hurry_parcel order={order.number}", "hurry"),
        Button("start", "escalate", "human"),
    )
    return finish(turn, MOVING(parcel=parcel, buttons=buttons))


def trace(turn: Turn) -> Decision | None:
    """Overdue, silent or in trouble: the carrier has to find it or own up, and the buyer need not wait for that."""
    order, parcel = the_order(turn), _ONE.now(turn)
    ways = ways_out(turn, order, Goods.NOT_RECEIVED, Reason.LOST, FLOW.intent)
    if case := open_ticket(turn, parcel, Reason.LOST):
        return minding_refund(turn, how_it_stands(turn, case, parcel, ways), order, Reason.NOT_RECEIVED)
    asked = ask_carrier(turn, order, parcel, Reason.LOST, ASKED, offered=ways)
    return minding_refund(turn, asked, order, Reason.NOT_RECEIVED)


FLOW = Flow(
    intent="parcel_lost",
    steps=(choose_order, not_shipped, no_number, reship, _ONE.choose, _ONE.ask_carrier, tell, trace),
    replies=(DELIVERED, MOVING, ASKED),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "parcel", "way"}),
    why_refunded=Reason.NOT_RECEIVED.value,
    kin=frozenset({"hurry_parcel", "signed_not_received", "track_parcel"}),
    reads={**_ONE.reads, "lines": read_lines},
)
