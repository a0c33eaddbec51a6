"""How my request stands (退款进度): who must act, by when, what follows then; and where the money is."""

from __future__ import annotations

from bot.domain.cases import Case, Kind
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.refunds import Refund, RefundState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import case_moves
from bot.flows.flow import Flow, finish
from bot.flows.which_case import Fits, case_of, choose_case, is_open

ONE = reply(
    "refund_status/one",
    "waybill",
    "change",
    "revoke",
    "dispute",
    "accept",
    "received",
    "not_right",
    "refund",
    "human",
    tone=Tone.NEXT_STEP,
    case=Case,
    money=tuple[Refund, ...],
    days_min=int,
    days_max=int,
)
SEVERAL = reply(
    "refund_status/several",
    "case",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    option={"case": Case},
    cases=tuple[Case, ...],
)
SHOWN = 6
"""Cases that are listed; older ones are reached by their number."""


def nothing_applied_for(turn: Turn) -> Decision | None:
    """Say so when there is no case at all."""
    return None if turn.facts.cases else choose_case(turn, is_open)


def asked_about(turn: Turn) -> Fits:
    """The applications that are open, else the newest; what a carrier is asked about only where nothing was applied for."""
    applied = [case for case in turn.facts.cases if case.kind is not Kind.PARCEL_INQUIRY]
    if not applied:
        return is_open
    told = [case.number for case in applied if case.open] or [applied[0].number]
    return lambda case: case.number in told


def tell_several(turn: Turn) -> Decision | None:
    """Several are open and none is named: each in short, and a button for the whole of it."""
    if case_of(turn, asked_about(turn)):
        return None
    cases = tuple(filter(asked_about(turn), turn.facts.cases))[:SHOWN] or turn.facts.cases[:SHOWN]
    buttons = tuple(
        Button("start", f"refund_status case={case.number}", "case", {"case": case}) for case in cases
    )
    return finish(turn, SEVERAL(cases=cases, buttons=buttons))


def tell(turn: Turn) -> Decision | None:
    """One case with all there is to say, and what can be done now."""
    case = case_of(turn, asked_about(turn))
    if case is None:
        raise LookupError("tell_several comes first")
    policy = turn.policy
    money = tuple(
        refund
        for refund in turn.facts.refunds
        if refund.case == case.number and refund.state is not RefundState.CANCELLED
    )
    say = ONE(
        case=case,
        money=money,
        days_min=policy.bank_days_min,
        days_max=policy.bank_days_max,
        buttons=_ways_on(case, money),
    )
    return finish(turn, say)


def _ways_on(case: Case, money: tuple[Refund, ...]) -> tuple[Button, ...]:
    """What the case allows; a person once it is over, and to apply again where nothing came of it."""
    buttons = case_moves.ways_on(case, ONE)
    unwanted = set() if not case.open and not money else {"refund"}
    if case.open:
        unwanted |= {"human"}
    return tuple(button for button in buttons if button.label not in unwanted)


FLOW = Flow(
    intent="refund_status",
    steps=(nothing_applied_for, tell_several, tell),
    replies=(ONE, SEVERAL),
    takes=frozenset({"order_number"}),
    starts=frozenset({"case"}),
)
