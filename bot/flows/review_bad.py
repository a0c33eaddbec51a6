"""A bad review, given or threatened (差评): listens, finds what went wrong, and follows it up. It is never asked to be changed."""

from __future__ import annotations

from bot.domain.cases import FAULT, Case, Kind, Reason, State
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.options import at_fault
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import goods_of, may_apply, phase_of
from bot.flows import case_moves
from bot.flows.flow import Flow, ask
from bot.flows.handoff import notify
from bot.flows.ordering import READS, choose_order, the_order

CAUSE = reply("review_bad/cause", "reason", tone=Tone.APOLOGY | Tone.NEXT_STEP, option={"reason": Reason})
FOLLOWED_UP = reply(
    "review_bad/followed_up",
    "refund",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    order=Order,
)
KNOWN = reply("review_bad/known", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)

OFFERED = (
    Reason.QUALITY,
    Reason.NOT_AS_DESCRIBED,
    Reason.WRONG_ITEM,
    Reason.LATE,
    Reason.SERVICE,
    Reason.OTHER,
)
_LONGEST = 300
"""Characters of the buyer's words that a case keeps."""


def listen(turn: Turn) -> Decision | None:
    """Every word of it goes with the case."""
    said, kept = turn.meaning.text.strip(), turn.slot("subject")
    if turn.incoming.choice or not said or said in kept or turn.talk.asking in READS:
        return None
    subject = f"{kept}; {said}" if kept else said
    return FLOW.decide(turn.with_talk(turn.talk.fill(subject=subject[:_LONGEST])))


def ask_cause(turn: Turn) -> Decision | None:
    """What went wrong?"""
    if turn.slot("reason"):
        return None
    buttons = tuple(Button("reason", reason.value, "reason", {"reason": reason}) for reason in OFFERED)
    return ask(turn, "reason", CAUSE(buttons=buttons, token=turn.talk.token))


def known_already(turn: Turn) -> Decision | None:
    """A complaint about this order is being looked into: no second one, a person hears of the first again."""
    order = the_order(turn)
    open_ones = (case for case in turn.facts.cases if case.open and case.kind is Kind.COMPLAINT)
    case = next((case for case in open_ones if case.order_number == order.number), None)
    if case is None:
        return None
    words = KNOWN(case=case, buttons=(Button("start", "escalate", "human"),))
    return notify(turn, FlagReason.REPEATED, words, priority=Priority.HIGH)


def follow_up(turn: Turn) -> Decision | None:
    """A complaint that a person answers; what is wrong with the goods can be put right at once beside it."""
    order, reason = the_order(turn), Reason(turn.slot("reason"))
    case = Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=(),
        kind=Kind.COMPLAINT,
        state=State.WAIT_SELLER_ANSWER,
        goods=goods_of(order, order.delivered),
        reason=reason,
        amount=Money(0, order.currency),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(reason),
        subject=turn.slot("subject"),
        evidence=turn.talk.attachments,
    )
    outcome = case_moves.open_case(turn, case)
    may_ask = reason in FAULT and may_apply(turn.facts.book(order), ()) is None
    refund = Button("start", f"request_refund order={order.number} reason={reason.value}", "refund")
    words = FOLLOWED_UP(case=outcome.case, order=order, buttons=(refund,) if may_ask else ())
    known = case_moves.seen_with(turn, outcome.case)
    effects = case_moves.effects(turn, outcome)
    return notify(known, FlagReason.FOR_A_PERSON, words, priority=Priority.HIGH, effects=effects)


def read_reason(turn: Turn) -> str | None:
    """A reason in its words; whatever else is told is one too, and is kept as it was said."""
    if told := turn.meaning.slots.get("reason"):
        return told
    said = turn.meaning.text.strip()
    return Reason.OTHER.value if any(map(str.isalpha, said)) and not said.endswith(("?", "？")) else None


FLOW = Flow(
    intent="review_bad",
    steps=(listen, ask_cause, choose_order, known_already, follow_up),
    replies=(CAUSE, FOLLOWED_UP, KNOWN),
    takes=frozenset({"order_number", "reason"}),
    starts=frozenset({"order"}),
    kin=frozenset(
        {"complaint", "quality_issue", "not_as_described", "wrong_or_missing_item", "parcel_damaged"}
    ),
    reads={**READS, "reason": read_reason, "evidence": lambda _: None},
)
"""``evidence`` is never asked: it says that files which come meanwhile are kept."""
