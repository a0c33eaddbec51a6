"""It came damaged (破损): photos of box, label and goods for the carrier to answer for; the goods are sent again or paid back."""

from __future__ import annotations

from bot.domain.cases import Case, Goods, Reason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Parcel
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import resending
from bot.flows.application_answers import read_evidence, read_lines
from bot.flows.flow import Flow, ask
from bot.flows.one_parcel import OneParcel, delivered
from bot.flows.ordering import choose_order, the_order
from bot.flows.ticket import ask_carrier, how_it_stands, minding_refund, open_ticket, ways_out
from bot.flows.track_parcel import no_number, not_shipped

PHOTOS = reply("parcel_damaged/photos", "done", "later", tone=Tone.APOLOGY | Tone.NEXT_STEP, count=int)
ASKED = reply(
    "parcel_damaged/asked",
    "reship",
    "refund",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)

_ONE = OneParcel(delivered)


def reship(turn: Turn) -> Decision | None:
    """Sent again, where the buyer chose that."""
    return resending.reship(turn, Reason.DAMAGED)


def stop_when_asked(turn: Turn) -> Decision | None:
    """The carrier was told already: how that stands."""
    order, parcel = the_order(turn), _ONE.stored(turn)
    case = open_ticket(turn, parcel, Reason.DAMAGED)
    if case is None:
        return None
    ways = ways_out(turn, order, Goods.RECEIVED, Reason.DAMAGED, FLOW.intent)
    return minding_refund(turn, how_it_stands(turn, case, parcel, ways), order, Reason.DAMAGED)


def ask_photos(turn: Turn) -> Decision | None:
    """Box, label and goods: without them a carrier answers for nothing. They may come later."""
    if turn.slot("evidence"):
        return None
    count = len(turn.talk.attachments)
    label = "done" if count else "later"
    words = PHOTOS(count=count, buttons=(Button("evidence", label, label),), token=turn.talk.token)
    return ask(turn, "evidence", words)


def claim(turn: Turn) -> Decision | None:
    """The carrier is told, and the buyer chooses what becomes of the goods."""
    order, parcel = the_order(turn), _ONE.stored(turn)
    ways = ways_out(turn, order, Goods.RECEIVED, Reason.DAMAGED, FLOW.intent)
    asked = ask_carrier(turn, order, parcel, Reason.DAMAGED, ASKED, offered=ways)
    return minding_refund(turn, asked, order, Reason.DAMAGED)


FLOW = Flow(
    intent="parcel_damaged",
    steps=(choose_order, not_shipped, no_number, reship, _ONE.choose, stop_when_asked, ask_photos, claim),
    replies=(PHOTOS, ASKED),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "parcel", "way"}),
    why_refunded=Reason.DAMAGED.value,
    reads={**_ONE.reads, "lines": read_lines, "evidence": read_evidence},
)
