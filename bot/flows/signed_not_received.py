"""Signed for, and not received (签收未收到): where did they look; then the carrier is asked who took it."""

from __future__ import annotations

from bot.domain.cases import Act, Case, Event, Reason, Role
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application_answers import read_evidence
from bot.flows.flow import Flow, agreed, ask, finish, yes_no, yes_or_no
from bot.flows.one_parcel import OneParcel, delivered
from bot.flows.ordering import choose_order, the_order
from bot.flows.ticket import ask_carrier, how_it_stands, minding_refund, open_ticket
from bot.flows.track_parcel import no_number, not_shipped

NOT_DELIVERED = reply(
    "signed_not_received/not_delivered",
    "hurry",
    "lost",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    parcel=Parcel,
    late=bool,
    again=bool,
)
LOOKED = reply(
    "signed_not_received/looked",
    "found",
    "all",
    "not_yet",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    parcel=Parcel,
    count=int,
)
LATER = reply("signed_not_received/later", "found", "all", tone=Tone.THANKS | Tone.NEXT_STEP)
FOUND = reply("signed_not_received/found", tone=Tone.THANKS)
HERE = reply("signed_not_received/here", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
STILL_ASKED = reply("signed_not_received/still_asked", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
ASKED = reply(
    "signed_not_received/asked",
    "found",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)

_ONE = OneParcel(delivered)
_TELLS_NOTHING_NEW = frozenset({"signed_not_received", "parcel_lost"})
"""Told once more: they have looked, and it is not there."""


def found(turn: Turn) -> Decision | None:
    """It has turned up: that is the end of the ticket too, where there is one."""
    if turn.slot("looked") != "found":
        return None
    return _settled(turn, turn.facts.case(turn.slot("case")) or _open(turn))


def ask_here(turn: Turn) -> Decision | None:
    """ "It's here", and not a word of what, while a carrier is asked about one parcel: is it that one?"""
    case, here = turn.facts.case(turn.slot("case")), turn.slot("here")
    if case is None:
        return None
    if here == "yes":
        return _settled(turn, case)
    if here == "no":
        return finish(turn, STILL_ASKED(case=case))
    return ask(turn, "here", HERE(case=case, buttons=yes_or_no("here"), token=turn.talk.token))


def _settled(turn: Turn, case: Case | None) -> Decision:
    if case is None or not case.open:
        return finish(turn, FOUND())
    try:
        outcome = case_moves.carry_out(turn, case, Act(Event.CONFIRM_RECEIPT, Role.BUYER, turn.now))
    except CaseError:
        return finish(turn, FOUND())
    return finish(turn, *case_moves.told(turn, outcome), effects=case_moves.effects(turn, outcome))


def _open(turn: Turn) -> Case | None:
    """The only open ticket of the matter, about the order and the parcel that are talked of."""
    order, parcel = turn.slot("order"), turn.slot("parcel")
    tickets = [
        one
        for one in turn.facts.cases
        if one.open
        and one.reason is Reason.SIGNED_NOT_RECEIVED
        and order in ("", one.order_number)
        and parcel in ("", one.parcel)
    ]
    return tickets[0] if len(tickets) == 1 else None


def stop_when_not_delivered(turn: Turn) -> Decision | None:
    """The carrier says nothing of the kind: chase it, or take it for lost."""
    order, parcel = the_order(turn), _ONE.now(turn)
    if parcel.state is ParcelState.DELIVERED or open_ticket(turn, parcel, Reason.SIGNED_NOT_RECEIVED):
        return None
    buttons = (
        Button("start", f"hurry_parcel order={order.number}", "hurry"),
        Button("start", f"parcel_lost order={order.number}", "lost"),
    )
    late, before = parcel.overdue(turn.now), turn.conversation
    again = not turn.incoming.choice and (before.last, before.about) == (FLOW.intent, order.number)
    return finish(turn, NOT_DELIVERED(parcel=parcel, late=late, again=again, buttons=buttons))


def stop_when_asked(turn: Turn) -> Decision | None:
    """The carrier was asked already: how that stands."""
    parcel = _ONE.now(turn)
    case = open_ticket(turn, parcel, Reason.SIGNED_NOT_RECEIVED)
    return how_it_stands(turn, case, parcel) if case else None


def ask_looked(turn: Turn) -> Decision | None:
    """One friendly question: most of these parcels are with a neighbour or in a locker. A photo may help, and need not be.

    Who was asked it before the carrier's last answer is not asked again.
    """
    looked = turn.slot("looked")
    if looked == "all" or (not looked and _asked_before(turn)):
        return None
    if looked == "not_yet":
        order = the_order(turn).number
        all_ = Button("start", f"signed_not_received order={order} looked=all", "all")
        got = Button("start", f"signed_not_received order={order} looked=found", "found")
        return finish(turn, LATER(buttons=(got, all_)))
    buttons = tuple(Button("looked", value, value) for value in ("found", "all", "not_yet"))
    count = len(turn.talk.attachments)
    return ask(
        turn,
        "looked",
        LOOKED(
            order=the_order(turn), parcel=_ONE.now(turn), count=count, buttons=buttons, token=turn.talk.token
        ),
    )


def _asked_before(turn: Turn) -> bool:
    """The carrier was asked about this parcel, and what it said did not help."""
    parcel, matter = _ONE.now(turn).number, Reason.SIGNED_NOT_RECEIVED
    return any(case.parcel == parcel and case.reason is matter for case in turn.facts.cases if not case.open)


def open_one(turn: Turn) -> Decision | None:
    """The carrier is asked who took it, and where."""
    order, parcel = the_order(turn), _ONE.now(turn)
    asked = ask_carrier(turn, order, parcel, Reason.SIGNED_NOT_RECEIVED, ASKED)
    return minding_refund(turn, asked, order, Reason.NOT_RECEIVED)


def read_here(turn: Turn) -> str | None:
    """Whether it is the parcel that is asked about; said once more that it came, it is."""
    told = turn.meaning.slots
    return (
        told.get("received") or (told.get("came") if "came" in turn.meaning.exact else None) or agreed(turn)
    )


def read_looked(turn: Turn) -> str | None:
    """It was found; they have looked everywhere, or say once more that it is not there; or they are yet to look."""
    told = turn.meaning.slots
    if "looked" in told:
        return told["looked"]
    came = told.get("received") or (told.get("came") if "came" in turn.meaning.exact else None)
    if came:
        return "found" if came == "yes" else "all"
    if turn.meaning.intent in _TELLS_NOTHING_NEW:
        return "all"
    return {"yes": "all", "no": "not_yet"}.get(yes_no(turn) or "")


FLOW = Flow(
    intent="signed_not_received",
    steps=(
        found,
        ask_here,
        choose_order,
        not_shipped,
        no_number,
        _ONE.choose,
        _ONE.ask_carrier,
        stop_when_not_delivered,
        stop_when_asked,
        ask_looked,
        open_one,
    ),
    replies=(NOT_DELIVERED, LOOKED, LATER, FOUND, HERE, STILL_ASKED, ASKED),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "parcel", "case", "looked"}),
    why_refunded=Reason.NOT_RECEIVED.value,
    kin=frozenset({"hurry_parcel", "parcel_lost", "track_parcel"}),
    reads={**_ONE.reads, "here": read_here, "looked": read_looked, "evidence": read_evidence},
)
