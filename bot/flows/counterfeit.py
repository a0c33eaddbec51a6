"""The goods are said to be fake (假货 / 假一赔十): a case, the evidence for it, and a person at once."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Case, Goods, Kind, Reason, State
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.engine import with_promise
from bot.domain.evidence import Proof, wanted
from bot.domain.messages import Button
from bot.domain.options import at_fault
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, Verdict, may_apply, phase_of
from bot.flows import case_moves
from bot.flows.application import asked_for, chosen_lines, limit_of, verdict_of
from bot.flows.application_answers import read_evidence
from bot.flows.flow import Flow, ask
from bot.flows.handoff import flag, for_who_waits, in_line, notify
from bot.flows.ordering import READS, choose_order, the_order
from bot.flows.which_lines import asks_which, choose_lines, read_lines

SORRY = reply("counterfeit/sorry", tone=Tone.APOLOGY)
LINES = asks_which("counterfeit/lines", "all_lines")
EVIDENCE = reply(
    "counterfeit/evidence",
    "later",
    "done",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    count=int,
    wanted=tuple[Proof, ...],
    factor=int,
)
OPENED = reply(
    "counterfeit/opened",
    "revoke",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    evidence_missing=bool,
)
ALREADY = reply(
    "counterfeit/already",
    "revoke",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    verdict=Verdict,
)
FOR_A_PERSON = for_who_waits(
    "counterfeit/for_a_person", Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE
)


def choose_which(turn: Turn) -> Decision | None:
    """Say sorry before anything is asked."""
    asked = choose_order(turn)
    if asked is None or turn.talk.asking:
        return asked
    return replace(asked, says=(SORRY(), *asked.says))


def which_line(turn: Turn) -> Decision | Turn | None:
    """Which product of an order with several."""
    return choose_lines(turn, LINES)


def stop_when_blocked(turn: Turn) -> Decision | None:
    """An open case on it, nothing paid or left: a person sees what can be done with that."""
    order = the_order(turn)
    verdict = may_apply(turn.facts.book(order), chosen_lines(turn))
    if verdict is None:
        return None
    buttons = [Button("start", "escalate", "human")]
    if verdict.rule is Rule.OPEN_CASE and verdict.case:
        buttons.insert(0, Button("start", f"revoke_refund case={verdict.case.number}", "revoke"))
    words = ALREADY(order=order, verdict=verdict, buttons=tuple(buttons))
    return notify(turn, FlagReason.COUNTERFEIT, words, priority=Priority.HIGH)


def stop_when_over(turn: Turn) -> Decision | None:
    """Not shipped yet, or the after-sales window is over: what then holds is for a person to say."""
    if the_order(turn).shipped and verdict_of(turn, Reason.COUNTERFEIT).allowed:
        return None
    return flag(turn, FlagReason.COUNTERFEIT, in_line(turn, FOR_A_PERSON), priority=Priority.HIGH)


def ask_evidence(turn: Turn) -> Decision | None:
    """Ask for the test report and photos; they may come later."""
    if turn.slot("evidence"):
        return None
    count = len(turn.talk.attachments)
    label = "done" if count else "later"
    words = EVIDENCE(
        order=asked_for(turn),
        count=count,
        wanted=wanted(Reason.COUNTERFEIT),
        factor=turn.policy.of(the_order(turn)).promises.counterfeit_factor,
        buttons=(Button("evidence", label, label),),
        token=turn.talk.token,
    )
    return ask(turn, "evidence", words)


def open_case(turn: Turn) -> Decision | None:
    """Open it, with what the shop's promise pays on top where it made one, and have a person look before others."""
    order = the_order(turn)
    case = Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=tuple(line.number for line in order.pick(chosen_lines(turn))),
        kind=Kind.COUNTERFEIT,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.RECEIVED,
        reason=Reason.COUNTERFEIT,
        amount=limit_of(turn),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(Reason.COUNTERFEIT),
        rule=verdict_of(turn, Reason.COUNTERFEIT).rule.value,
        evidence=turn.talk.attachments,
    )
    promised = with_promise(case, turn.facts.book(order), turn.policy)
    outcome = case_moves.open_case(turn, promised)
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    words = OPENED(case=outcome.case, evidence_missing=not case.evidence, buttons=(revoke,))
    effects = case_moves.effects(turn, outcome)
    seen = case_moves.seen_with(turn, outcome.case)
    return notify(seen, FlagReason.COUNTERFEIT, words, priority=Priority.HIGH, effects=effects)


FLOW = Flow(
    intent="counterfeit",
    steps=(choose_which, which_line, stop_when_blocked, stop_when_over, ask_evidence, open_case),
    replies=(SORRY, LINES, EVIDENCE, OPENED, ALREADY, FOR_A_PERSON),
    takes=frozenset({"order_number", "tracking_number"}),
    starts=frozenset({"order", "lines"}),
    kin=frozenset({"not_as_described", "quality_issue", "request_refund", "return_goods"}),
    undone_by="revoke_refund",
    reads={**READS, "lines": read_lines, "evidence": read_evidence},
)
