"""Where is my parcel (查件)."""

from __future__ import annotations

from bot.domain.cases import Case, State
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish
from bot.flows.ordering import READS, choose_order, the_order
from bot.flows.taps import ANY

WHERE = reply(
    "track_parcel/where",
    "human",
    "another",
    tone=Tone.THANKS | Tone.DEADLINE,
    order=Order,
    parcels=tuple[Parcel, ...],
    overdue=tuple[str, ...],
)
NOT_SHIPPED = reply("track_parcel/not_shipped", "refund", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)
REFUNDED = reply("track_parcel/refunded", tone=Tone.PLAIN, order=Order, case=Case)
NOT_PAID = reply("track_parcel/not_paid", tone=Tone.NEXT_STEP, order=Order)
NO_NEWS = reply("track_parcel/no_news", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)


def not_shipped(turn: Turn) -> Decision | None:
    """Say so when nothing has left the shop."""
    order = the_order(turn)
    if order.paid_at is None:
        return finish(turn, NOT_PAID(order=order))
    if order.shipped:
        return None
    done = [c for c in turn.facts.cases if c.order_number == order.number and c.state is State.SUCCESS]
    if done and not turn.facts.book(order).left():
        return finish(turn, REFUNDED(order=order, case=done[0]))
    refund = Button("start", f"request_refund order={order.number}", "refund")
    return finish(turn, NOT_SHIPPED(order=order, buttons=(refund,)))


def ask_carrier(turn: Turn) -> Decision | None:
    """Have the carriers asked about parcels that are still under way."""
    missing = tuple(parcel for parcel in the_order(turn).parcels if parcel.number not in turn.facts.tracking)
    return Decision(turn.conversation, wants=missing) if missing else None


def tell(turn: Turn) -> Decision | None:
    """Last events, carrier, link and ETA of each parcel; a word of truth where the carrier could not be asked."""
    order = the_order(turn)
    human = (Button("start", "escalate", "human"),)
    if not order.parcels:
        return finish(turn, NO_NEWS(order=order, buttons=human))
    parcels = tuple(turn.facts.tracking[parcel.number] for parcel in order.parcels)
    overdue = tuple(parcel.number for parcel in parcels if parcel.overdue(turn.now))
    troubled = overdue or any(map(_may_trouble, parcels))
    several = len(turn.facts.orders) > 1
    another = (Button("start", f"track_parcel order={ANY}", "another"),) if several else ()
    buttons = (*(human if troubled else ()), *another)
    return finish(turn, WHERE(order=order, parcels=parcels, overdue=overdue, buttons=buttons))


def _may_trouble(parcel: Parcel) -> bool:
    """News a buyer may want to talk about: none, old, bad, or of a delivery they may know nothing of."""
    told = parcel.events and not parcel.unavailable
    return not told or parcel.state in (ParcelState.EXCEPTION, ParcelState.DELIVERED)


FLOW = Flow(
    intent="track_parcel",
    steps=(choose_order, not_shipped, ask_carrier, tell),
    replies=(WHERE, NOT_SHIPPED, REFUNDED, NOT_PAID, NO_NEWS),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order"}),
    kin=frozenset({"hurry_parcel"}),
    reads=READS,
)
