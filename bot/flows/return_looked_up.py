"""Goods on their way back: once a day the carrier's news are looked at, and what was signed for is noted without an agent."""

from __future__ import annotations

from bot.domain.cases import Act, Case, Event, Role
from bot.domain.decision import Decision, PutOff
from bot.domain.dues import return_due
from bot.domain.orders import Parcel, ParcelState
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.desk_replies import MOVED
from bot.understanding.waybills import carrier_and_number


def look(turn: Turn, case: Case) -> Decision:
    """Signed for, the case moves; else it is looked at again tomorrow."""
    parcel = _sent_back(case)
    if parcel is None:
        return Decision(turn.conversation)
    if parcel.number not in turn.facts.tracking:
        return Decision(turn.conversation, wants=(parcel,))
    news = turn.facts.tracking[parcel.number]
    if news.unavailable or news.state is not ParcelState.DELIVERED:
        return Decision(turn.conversation, effects=(PutOff(return_due(case, turn.now)),))
    try:
        act = Act(Event.RETURN_SIGNED, Role.CARRIER, turn.now, seen=case.version)
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return Decision(turn.conversation)
    noted = MOVED(case=outcome.case, agent="", event=act.event)
    return Decision(
        turn.conversation, (*case_moves.told(turn, outcome), noted), case_moves.effects(turn, outcome)
    )


def _sent_back(case: Case) -> Parcel | None:
    """The parcel as far as its waybill tells; None where nobody could be asked about it."""
    carrier, number = carrier_and_number(case.waybill)
    return Parcel(number, carrier, case.order_number, ParcelState.IN_TRANSIT) if carrier and number else None
