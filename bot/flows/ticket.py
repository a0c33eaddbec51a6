"""A courier ticket (查件工单): the carrier is asked about a parcel, and the buyer hears of it without asking again.

A ticket is a case of kind ``parcel_inquiry`` with a clock of its own. There is one open ticket for a parcel and a matter.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Act, Case, Event, Goods, Kind, Reason, Role, State
from bot.domain.conversation import FlagReason, Priority, Standing, Talk
from bot.domain.decision import Audience, Decision, Say
from bot.domain.engine import Outcome
from bot.domain.messages import Attachment, Button
from bot.domain.money import Money
from bot.domain.offers import offers
from bot.domain.options import Option, at_fault
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import phase_of
from bot.flows import case_moves
from bot.flows.flow import finish
from bot.flows.handoff import acts, notify

STANDS = reply(
    "parcel/stands",
    "found",
    "reship",
    "refund",
    "human",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)
ARRIVED = reply("parcel/arrived", "not_received", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case, parcel=Parcel)
MOVED_ON = reply(
    "parcel/moved_on", "human", tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP, case=Case, parcel=Parcel
)
ASK_CARRIER = reply(
    "desk/ask_carrier",
    "parcel_lost",
    tone=Tone.PLAIN,
    to=Audience.DESK,
    option={"case": Case},
    case=Case,
    parcel=Parcel,
)

REPLIES = (STANDS, ARRIVED, MOVED_ON, ASK_CARRIER)

_PRESSING = frozenset({Reason.LOST, Reason.SIGNED_NOT_RECEIVED, Reason.WRONG_ADDRESS})
"""Matters in which a day lost may lose the parcel."""


def open_ticket(turn: Turn, parcel: Parcel, reason: Reason) -> Case | None:
    """The open ticket about this parcel and matter."""
    return next(
        (
            case
            for case in (*turn.facts.cases, *turn.facts.claims)
            if case.open and case.parcel == parcel.number and case.reason is reason
        ),
        None,
    )


def ask_carrier(
    turn: Turn,
    order: Order,
    parcel: Parcel,
    reason: Reason,
    words: Reply,
    *,
    said: str = "",
    offered: tuple[Button, ...] = (),
) -> Decision:
    """Open a ticket: the desk is told what to ask, and the buyer (in `words`) what was asked and when news come.

    `said` is what the buyer told for the desk alone, such as a new address.
    """
    outcome = case_moves.open_case(turn, ticket(turn, order, parcel, reason, said))
    case = outcome.case
    found = (_found(case),) if "found" in words.labels else ()
    priority = Priority.HIGH if reason in _PRESSING else Priority.NORMAL
    return notify(
        turn,
        FlagReason.ASK_CARRIER,
        words(case=case, parcel=parcel, buttons=(*found, *offered)),
        priority=priority,
        effects=case_moves.effects(turn, outcome),
        post=asked(case, parcel, turn.talk.attachments),
    )


def how_it_stands(turn: Turn, case: Case, parcel: Parcel, offered: tuple[Button, ...] = ()) -> Decision:
    """Asked again: news that answer it end the ticket at once; else when the next ones come."""
    if answers(case, parcel):
        told = answer(turn, case, parcel)
        return replace(told, conversation=replace(told.conversation, talk=None))
    found = (_found(case),) if case.reason is Reason.SIGNED_NOT_RECEIVED else ()
    human = Button("start", "escalate", "human")
    return finish(turn, STANDS(case=case, parcel=parcel, buttons=(*found, *offered, human)))


def answers(case: Case, parcel: Parcel) -> bool:
    """True when the carrier's news answer what it was asked: it has come, or it moves again.

    Whether a parcel that is said to be delivered really came, or who broke it, no scan tells.
    """
    if parcel.unavailable:
        return False
    arrived = parcel.state is ParcelState.DELIVERED
    moves = parcel.last_event is not None and parcel.last_event.at > case.opened_at
    match case.reason:
        case Reason.LATE | Reason.LOST:
            return arrived or (moves and parcel.state is not ParcelState.EXCEPTION)
        case Reason.SIGNED_NOT_RECEIVED:
            return moves and not arrived and parcel.state is not ParcelState.EXCEPTION
        case Reason.WRONG_ADDRESS:
            return arrived
        case _:
            return False


def answer(turn: Turn, case: Case, parcel: Parcel) -> Decision:
    """The ticket ends by the carrier's own news, and the buyer is told them; raises the engine's errors."""
    last = parcel.last_event
    why = " ".join(filter(None, (last.place, last.text))) if last else parcel.state.value
    act = Act(Event.ANSWER, Role.CARRIER, turn.now, why=why, seen=case.version)
    outcome = case_moves.carry_out(turn, case, act)
    return Decision(turn.conversation, (_news(outcome, parcel),), case_moves.effects(turn, outcome))


def _news(outcome: Outcome, parcel: Parcel) -> Say:
    case = outcome.case
    if parcel.state is ParcelState.DELIVERED:
        not_received = Button("start", f"signed_not_received order={case.order_number}", "not_received")
        return ARRIVED(case=case, parcel=parcel, buttons=(not_received,))
    return MOVED_ON(case=case, parcel=parcel, buttons=(Button("start", "escalate", "human"),))


def asked(case: Case, parcel: Parcel, files: tuple[Attachment, ...] = ()) -> Say:
    """The desk's post: what to ask of the carrier, and what can be done without further words."""
    buttons = tuple(button for button in acts(case) if button.label in ASK_CARRIER.labels)
    return ASK_CARRIER(case=case, parcel=parcel, buttons=buttons, token="desk", attachments=files)


def ways_out(turn: Turn, order: Order, goods: Goods, reason: Reason, flow: str) -> tuple[Button, ...]:
    """The buttons of what the policy offers besides asking the carrier: sent again, or the money back."""
    found = offers(turn.facts.book(order), (), goods, reason, turn.now, turn.policy)
    ways = {
        Option.RESHIP: Button("start", f"{flow} order={order.number} way=reship", "reship"),
        Option.REFUND_ONLY: Button("start", f"request_refund order={order.number}", "refund"),
    }
    return tuple(ways[offer.option] for offer in found if offer.option in ways)


def minding_refund(turn: Turn, decision: Decision, order: Order, reason: Reason) -> Decision:
    """A refund of it that may be asked for next knows the order, the reason and the photos."""
    parked = decision.conversation.parked
    if parked and parked.standing is not Standing.LEFT:
        return decision
    told = {"order": order.number, "reason": reason.value, "received": "no"}
    files = turn.talk.attachments
    talk = Talk("request_refund", f"{turn.serial}b", told, attachments=files, standing=Standing.LEFT)
    return replace(decision, conversation=replace(decision.conversation, parked=talk))


def ticket(turn: Turn, order: Order, parcel: Parcel, reason: Reason, said: str = "") -> Case:
    """A question to the carrier about this parcel; a claim, which comes beside the buyer's case, is numbered apart."""
    return Case(
        number=case_moves.number(turn, "C" if reason is Reason.DAMAGED else "R"),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=(),
        kind=Kind.PARCEL_INQUIRY,
        state=State.WAIT_CARRIER,
        goods=Goods.RECEIVED if reason is Reason.DAMAGED else Goods.NOT_RECEIVED,
        reason=reason,
        amount=Money(0, order.currency),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(reason),
        subject=f"{parcel.number} {' '.join(said.split())}".strip(),
        evidence=turn.talk.attachments,
    )


def _found(case: Case) -> Button:
    return Button("start", f"signed_not_received case={case.number} looked=found", "found")
