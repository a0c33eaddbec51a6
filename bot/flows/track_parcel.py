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
    "not_received",
    "hurry",
    "lost",
    "human",
    "another",
    tone=Tone.THANKS | Tone.DEADLINE,
    order=Order,
    parcels=tuple[Parcel, ...],
    overdue=tuple[str, ...],
    again=bool,
)
NOT_SHIPPED = reply("track_parcel/not_shipped", "refund", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)
_TELL_WHERE = frozenset({"track_parcel", "hurry_parcel"})
"""What is served with a look at the parcel's news."""
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


def no_number(turn: Turn) -> Decision | None:
    """Shipped, and nobody here knows the tracking number yet: a person finds it."""
    order = the_order(turn)
    if order.parcels:
        return None
    return finish(turn, NO_NEWS(order=order, buttons=(Button("start", "escalate", "human"),)))


def ask_carrier(turn: Turn) -> Decision | None:
    """Have the carriers asked about parcels that are still under way."""
    missing = tuple(parcel for parcel in the_order(turn).parcels if parcel.number not in turn.facts.tracking)
    return Decision(turn.conversation, wants=missing) if missing else None


def tell(turn: Turn) -> Decision | None:
    """Last events, carrier, link and ETA of each parcel; a word of truth where the carrier could not be asked."""
    order = the_order(turn)
    parcels = tuple(turn.facts.tracking[parcel.number] for parcel in order.parcels)
    overdue = tuple(parcel.number for parcel in parcels if parcel.overdue(turn.now))
    several = len(turn.facts.orders) > 1
    another = (Button("start", f"track_parcel order={ANY}", "another"),) if several else ()
    buttons = (*_ways_on(turn, parcels), *another)
    words = WHERE(
        order=order, parcels=parcels, overdue=overdue, again=_just_told(turn, order), buttons=buttons
    )
    return finish(turn, words)


def _just_told(turn: Turn, order: Order) -> bool:
    """It is what they heard last, and they ask in other words: "will it come today?" """
    before = turn.conversation
    return not turn.incoming.choice and before.last in _TELL_WHERE and before.about == order.number


def _ways_on(turn: Turn, parcels: tuple[Parcel, ...]) -> tuple[Button, ...]:
    """What the news give reason to: they lead to who sees to it."""
    order = the_order(turn).number
    came = any(parcel.state is ParcelState.DELIVERED for parcel in parcels)
    stuck = any(parcel.overdue(turn.now) or parcel.state is ParcelState.EXCEPTION for parcel in parcels)
    ways = {
        "not_received": ("signed_not_received", came),
        "hurry": ("hurry_parcel", stuck),
        "lost": ("parcel_lost", stuck),
    }
    led = tuple(
        Button("start", f"{intent} order={order}", label) for label, (intent, due) in ways.items() if due
    )
    troubled = led or any(map(_may_trouble, parcels))
    return (*led, Button("start", "escalate", "human")) if troubled else ()


def _may_trouble(parcel: Parcel) -> bool:
    """News a buyer may want to talk about: none, or old."""
    return not parcel.events or parcel.unavailable


FLOW = Flow(
    intent="track_parcel",
    steps=(choose_order, not_shipped, no_number, ask_carrier, tell),
    replies=(WHERE, NOT_SHIPPED, REFUNDED, NOT_PAID, NO_NEWS),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order"}),
    kin=frozenset({"hurry_parcel"}),
    reads=READS,
)
