"""Something came due: a clock moves its case, a reminder tells whoever must act. Neither does anything twice, or too late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.cases import Act, Case, Event, Reason, Role, State
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision
from bot.domain.dues import Reminder
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import aftercare, carrier_due, case_moves, refuse_delivery, return_looked_up
from bot.flows.evidence import reminder
from bot.flows.exchange_goods import not_right_by_tap
from bot.flows.handoff import acts, notify
from bot.flows.unasked import put_off_reminder, said_unasked

REMIND_BUYER = reply(
    "case/remind_buyer",
    "waybill",
    "received",
    "revoke",
    "human",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
)
REMIND_SELLER = reply(
    "desk/remind_seller",
    *(event.value for event in (Event.AGREE, Event.AGREE_RETURN, Event.GOODS_INTACT)),
    tone=Tone.PLAIN,
    to=Audience.DESK,
    option={"case": Case},
    case=Case,
    at=datetime,
)

REPLIES = (REMIND_BUYER, REMIND_SELLER)


def come_due(turn: Turn) -> Decision | None:
    """What was set for a case as it stands now; anything set for an older version is over."""
    clock = turn.incoming.clock
    if clock is None:
        return None
    case = turn.facts.case(clock.case)
    if case is None or case.version != clock.version:
        return Decision(turn.conversation)
    if clock.kind in _REMINDERS:
        return _REMINDERS[clock.kind](turn, case)
    if clock.kind not in Event.__members__.values():  # a reminder of a release that is older, or newer
        return Decision(turn.conversation)
    if clock.kind == Event.RETIME:
        act = Act(Event.RETIME, Role.OWNER, turn.now, why=clock.why, due_at=clock.until, seen=case.version)
        return _carried_out(turn, case, act)
    if clock.kind == Event.CARRIER_TIMEOUT:
        return carrier_due.carrier_due(turn, case)
    if clock.kind == Event.BUYER_TIMEOUT and (rejected := not_right_by_tap(turn, case)):
        return rejected
    return _carried_out(turn, case, Act(Event(clock.kind), Role.CLOCK, turn.now, seen=case.version))


def _carried_out(turn: Turn, case: Case, act: Act) -> Decision:
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return Decision(turn.conversation)
    says, effects = case_moves.told(turn, outcome), case_moves.effects(turn, outcome)
    unmoved = outcome.case.state is outcome.entry.start
    if act.by is Role.CLOCK and outcome.case.open and unmoved:  # nobody acted, and nothing followed by itself
        return notify(turn, FlagReason.OVERDUE, *says, priority=Priority.HIGH, effects=effects)
    return Decision(turn.conversation, says, effects)


def _remind_buyer(turn: Turn, case: Case) -> Decision:
    """Told while there is still time; what fired late, after a night without power, would only confuse."""
    if case.due_at is None or case.due_at <= turn.now:
        return Decision(turn.conversation)
    if later := put_off_reminder(turn, case, Reminder.BUYER):
        return later
    coming_back = case.reason is Reason.REFUSED and case.state is State.WAIT_BUYER_RETURN_GOODS
    ways = case_moves.ways_on(case, REMIND_BUYER)
    words = refuse_delivery.reminder(case) if coming_back else REMIND_BUYER(case=case, buttons=ways)
    return said_unasked(turn, Decision(turn.conversation, (words,)))


def _remind_seller(turn: Turn, case: Case) -> Decision:
    if case.due_at is None or case.due_at <= turn.now:
        return Decision(turn.conversation)
    buttons = tuple(button for button in acts(case) if button.label in REMIND_SELLER.labels)
    return Decision(
        turn.conversation, (REMIND_SELLER(case=case, at=case.due_at, buttons=buttons, token="desk"),)
    )


def _remind_evidence(turn: Turn, case: Case) -> Decision:
    words = reminder(case, case.due_at) if case.due_at and case.due_at > turn.now else None
    if words is None:
        return Decision(turn.conversation)
    if later := put_off_reminder(turn, case, Reminder.EVIDENCE):
        return later
    return said_unasked(turn, Decision(turn.conversation, (words,)))


_REMINDERS: Mapping[str, Callable[[Turn, Case], Decision]] = {
    Reminder.BUYER: _remind_buyer,
    Reminder.SELLER: _remind_seller,
    Reminder.EVIDENCE: _remind_evidence,
    Reminder.RETURN: return_looked_up.look,
    Reminder.ARRIVED: aftercare.ask_after,
    Reminder.VISIT: aftercare.visit,
}
