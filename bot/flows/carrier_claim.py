"""What came damaged on the way: beside the buyer's case, which does not wait for it, the carrier is made to answer for it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Case, Reason
from bot.domain.decision import Decision
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import case_moves
from bot.flows.ticket import asked, open_ticket, ticket

CLAIMED = reply("parcel_damaged/claimed", tone=Tone.NEXT_STEP, case=Case, parcel=Parcel)

REPLIES = (CLAIMED,)


def with_claim(turn: Turn, case: Case, decision: Decision) -> Decision:
    """The decision that opens the case, and the claim with it where goods came damaged and it is known in which parcel."""
    order = turn.facts.order(case.order_number)
    parcel = _came_in(order) if order and case.reason is Reason.DAMAGED else None
    if order is None or parcel is None or open_ticket(turn, parcel, Reason.DAMAGED):
        return decision
    outcome = case_moves.open_case(turn, ticket(turn, order, parcel, Reason.DAMAGED))
    claim = outcome.case
    says = (CLAIMED(case=claim, parcel=parcel), asked(claim, parcel, claim.evidence))
    effects = (*decision.effects, *case_moves.effects(turn, outcome))
    return replace(decision, says=(*decision.says, *says), effects=effects)


def _came_in(order: Order) -> Parcel | None:
    """The parcel that arrived, or the only one there is; None where several may be meant."""
    arrived = [parcel for parcel in order.parcels if parcel.state is ParcelState.DELIVERED]
    found = arrived or list(order.parcels)
    return found[0] if len(found) == 1 else None
