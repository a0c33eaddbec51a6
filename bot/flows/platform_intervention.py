"""The platform is to step in (平台介入 / 12315): where on the ladder the buyer stands, what comes next, and the step itself."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Act, Case, Event, Role
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.ladder import Rung, to_come
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.terms import Span, Term
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, may_dispute
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.flow import Flow, agreed_naming, agreed_to, ask, finish, yes_or_no
from bot.flows.handoff import notify, wait
from bot.flows.moods import mood_of
from bot.flows.which_case import MOVED_ON, choose_case, knowing, read_case, seen, the_case

NO_CASE = reply(
    "platform_intervention/no_case",
    "refund",
    "complaint",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    minutes=int,
    back_at=datetime | None,
)
NOT_YET = reply(
    "platform_intervention/not_yet",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    to_come=tuple[Rung, ...],
)
STANDS = reply("platform_intervention/stands", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
OVER = reply(
    "platform_intervention/over",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    case=Case,
    to_come=tuple[Rung, ...],
)
CONFIRM = reply(
    "platform_intervention/confirm",
    "yes",
    "no",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    evidence=Span,
    ruling=Span,
)
KEPT = reply(
    "platform_intervention/kept",
    "change",
    "revoke",
    "human",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
)


def disputable(case: Case) -> bool:
    """The buyer may take it to the platform, or has."""
    return may_dispute(case).rule in (Rule.MAY_DISPUTE, Rule.LOCKED)


def nothing_applied_for(turn: Turn) -> Decision | None:
    """Without an application there is nothing to decide on: a person looks, and the first step is offered."""
    if turn.facts.cases:
        return None
    buttons = (
        Button("start", "request_refund", "refund"),
        Button("start", "complaint", "complaint"),
        Button("start", "escalate", "human"),
    )
    words = NO_CASE(**wait(turn), buttons=buttons)
    return notify(turn, mood_of(turn) or FlagReason.DISPUTED, words, priority=Priority.HIGH)


def choose(turn: Turn) -> Decision | None:
    """Ask which, when several stand so."""
    return choose_case(turn, disputable)


def tell_over(turn: Turn) -> Decision | None:
    """It is over: what is left, by how it ended."""
    case = the_case(turn, disputable)
    if case.open:
        return None
    human = Button("start", "escalate", "human")
    words = OVER(case=case, to_come=to_come(case), buttons=(human,))
    return notify(turn, mood_of(turn) or FlagReason.DISPUTED, words, priority=Priority.HIGH)


def tell_stands(turn: Turn) -> Decision | None:
    """The platform has it already: what it waits for."""
    case = the_case(turn, disputable)
    return finish(turn, STANDS(case=case)) if case.locked else None


def not_yet(turn: Turn) -> Decision | None:
    """Say what comes before, and by when; somebody higher hears of it meanwhile."""
    case = the_case(turn, disputable)
    if may_dispute(case).allowed:
        return None
    words = NOT_YET(case=case, to_come=to_come(case), buttons=case_moves.ways_on(case, NOT_YET))
    return notify(turn, mood_of(turn) or FlagReason.DISPUTED, words, priority=Priority.HIGH)


def confirm(turn: Turn) -> Decision | None:
    """Never by a misunderstanding: what it means and how long it takes, then a yes."""
    case = the_case(turn, disputable)
    if turn.slot("confirm") == "no":
        return finish(turn, KEPT(case=case, buttons=case_moves.ways_on(case, KEPT)))
    if turn.slot("confirm") == "yes":
        return None
    spans = turn.policy.of(turn.facts.order(case.order_number)).spans
    turn = knowing(turn, case)
    words = CONFIRM(
        case=case,
        evidence=spans[Term.BOTH_EVIDENCE],
        ruling=spans[Term.RULING],
        buttons=yes_or_no("confirm"),
        token=turn.talk.token,
    )
    return ask(turn, "confirm", words)


def intervene(turn: Turn) -> Decision | None:
    """The platform steps in: both sides hear by when to hand in evidence."""
    case = the_case(turn, disputable)
    act = Act(Event.INTERVENE, Role.BUYER, turn.now, seen=seen(turn, case))
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return finish(turn, MOVED_ON(case=case, buttons=case_moves.ways_on(case, MOVED_ON)))
    says, effects = case_moves.told(turn, outcome), case_moves.effects(turn, outcome)
    turn = case_moves.seen_with(turn, outcome.case)
    return notify(turn, FlagReason.DISPUTED, *says, priority=Priority.HIGH, effects=effects)


FLOW = Flow(
    intent="platform_intervention",
    steps=(nothing_applied_for, choose, tell_over, tell_stands, not_yet, confirm, intervene),
    replies=(NO_CASE, NOT_YET, STANDS, OVER, CONFIRM, KEPT),
    takes=frozenset({"order_number"}),
    starts=frozenset({"case"}),
    own_no=frozenset({"confirm"}),
    kin=frozenset({"complaint", "seller_refused"}),
    reads={"case": read_case(disputable), "confirm": agreed_naming("dispute", read=agreed_to)},
)
