"""The carrier's time to answer is over: its own news are looked up first, and only silence is told as silence."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Act, Case, Event, Role
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.orders import Parcel
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.handoff import notify, wait
from bot.flows.ticket import answer, answers, asked

PERSON_CALLED = reply(
    "parcel/person_called",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    minutes=int,
    back_at=datetime | None,
)

REPLIES = (PERSON_CALLED,)

PATIENCE = 3
"""Times a carrier may let its clock run out before a person is called."""


def carrier_due(turn: Turn, case: Case) -> Decision:
    """Fresh news that answer it end the ticket; else the carrier is asked again, and the third time a person is called.

    The buyer, who waits for none of it, hears nothing of a carrier that is silent about the shop's claim.
    """
    parcel = _parcel(turn, case)
    if parcel and parcel.number not in turn.facts.tracking:
        return Decision(turn.conversation, wants=(parcel,))
    news = turn.facts.tracking[parcel.number] if parcel else None
    try:
        if news and answers(case, news):
            return answer(turn, case, news)
        return _silent(turn, case, news)
    except CaseError:
        return Decision(turn.conversation)


def _silent(turn: Turn, case: Case, parcel: Parcel | None) -> Decision:
    act = Act(Event.CARRIER_TIMEOUT, Role.CLOCK, turn.now, seen=case.version)
    outcome = case_moves.carry_out(turn, case, act)
    effects, after = case_moves.effects(turn, outcome), outcome.case
    if after.missed >= PATIENCE:
        words = () if after.claim else (PERSON_CALLED(case=after, **wait(turn)),)
        return notify(turn, FlagReason.OVERDUE, *words, priority=Priority.HIGH, effects=effects)
    says = () if after.claim else case_moves.told(turn, outcome)
    post = asked(after, parcel) if parcel else None
    return notify(turn, FlagReason.ASK_CARRIER, *says, effects=effects, post=post)


def _parcel(turn: Turn, case: Case) -> Parcel | None:
    order = turn.facts.order(case.order_number)
    return next((one for one in order.parcels if one.number == case.parcel), None) if order else None
