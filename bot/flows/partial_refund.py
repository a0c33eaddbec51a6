"""Keep it and get a part back (部分退款 / 补偿): what the buyer wants, and what the shop offers in a case."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Act, Case, Event, Role
from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.money import Money
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application import amount_in
from bot.flows.flow import Flow, agreed_naming, ask, finish, yes_or_no
from bot.flows.handoff import notify
from bot.flows.remedies import remedy

ACCEPT = reply("partial_refund/accept", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
DECLINED = reply("partial_refund/declined", "accept", "human", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
COUNTERED = reply(
    "partial_refund/countered",
    "accept",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    case=Case,
    amount=Money | None,
)
OVER = reply("partial_refund/over", "accept", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)


def answer_offer(turn: Turn) -> Decision | None:
    """The shop's offer in a case is taken, and the matter settled; or declined, and the case goes on as it was."""
    case = turn.facts.case(turn.slot("case"))
    if case is None:
        return None
    if Event.ACCEPT_OFFER not in case_moves.open_to_buyer(case):
        return _over(turn, case)
    if turn.slot("wants"):
        return _passed_on(turn, case)
    if turn.slot("accept") == "no":
        return finish(turn, DECLINED(case=case, buttons=case_moves.ways_on(case, DECLINED)))
    if turn.slot("accept") == "yes":
        return _taken(turn, case)
    turn = turn.with_talk(turn.talk.fill(seen=str(case.version)))
    return ask(turn, "accept", ACCEPT(case=case, buttons=yes_or_no("accept"), token=turn.talk.token))


def _passed_on(turn: Turn, case: Case) -> Decision:
    """They want more: the shop hears it, and how much where they said so; until it answers the offer stands."""
    wants = turn.slot("wants")
    amount = amount_in(wants, replace(case.offer, minor=0)) if case.offer and wants[0].isdigit() else None
    buttons = case_moves.ways_on(case, COUNTERED)
    return notify(turn, FlagReason.FOR_A_PERSON, COUNTERED(case=case, amount=amount, buttons=buttons))


def _taken(turn: Turn, case: Case) -> Decision:
    seen = int(turn.slot("seen")) if turn.slot("seen") else None
    try:
        outcome = case_moves.carry_out(turn, case, Act(Event.ACCEPT_OFFER, Role.BUYER, turn.now, seen=seen))
    except CaseError:
        return _over(turn, case)
    return finish(turn, *case_moves.told(turn, outcome), effects=case_moves.effects(turn, outcome))


def _over(turn: Turn, case: Case) -> Decision:
    """It stands no longer as the buyer saw it; a new offer is put before them."""
    return finish(turn, OVER(case=case, buttons=case_moves.ways_on(case, OVER)))


FLOW = remedy(
    "partial_refund",
    answer_offer,
    own=Flow(
        "partial_refund",
        (),
        replies=(ACCEPT, DECLINED, COUNTERED, OVER),
        starts=frozenset({"case", "seen", "accept"}),
        own_no=frozenset({"accept"}),
        reads={"accept": agreed_naming("accept")},
    ),
)
