"""I want to complain (投诉): listened to, put on record, and seen by a person before others; the third time by somebody higher."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Case, Goods, Kind, Reason, State
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.options import at_fault
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import goods_of, phase_of
from bot.flows import case_moves
from bot.flows.flow import Flow, ask, yes_no
from bot.flows.handoff import flag, for_who_waits, in_line, notify
from bot.flows.moods import mood_of
from bot.flows.ordering import order_of
from bot.flows.troubles import TROUBLES

LISTEN = reply("complaint/listen", "skip", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP)
OPENED = reply(
    "complaint/opened",
    "human",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    order=Order,
)
AGAIN = reply(
    "complaint/again",
    "dispute",
    "human",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
)
HANDED_ON = for_who_waits(
    "complaint/handed_on", Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, known=bool
)
HIGHER_UP = for_who_waits("complaint/higher_up", Tone.APOLOGY | Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE)

TOO_OFTEN = 3
"""The time from which the same complaint is for somebody higher (domain facts, section 3)."""
_SUBJECT = 500
"""Characters of the buyer's words that are kept with the case; the transcript has them all."""
_SKIP = "-"
"""In place of words: the buyer would rather not tell."""


def listen(turn: Turn) -> Decision | None:
    """Who says no more than that they complain is asked what happened."""
    if _told(turn) or turn.talk.asking:
        return None
    skip = Button("subject", _SKIP, "skip")
    human = Button("start", "escalate", "human")
    return ask(turn, "subject", LISTEN(buttons=(skip, human), token=turn.talk.token))


def take_higher(turn: Turn) -> Decision | None:
    """The third time nobody is asked to be patient: somebody higher takes over."""
    turn = _counted(turn)
    if turn.conversation.complaints < TOO_OFTEN:
        return None
    return flag(turn, FlagReason.REPEATED, in_line(turn, HIGHER_UP), priority=Priority.URGENT)


def told_again(turn: Turn) -> Decision | None:
    """What is on record already is not put there twice; a person sees that it came again."""
    case = next((one for one in turn.facts.cases if one.kind is Kind.COMPLAINT and one.open), None)
    if case is None:
        return None
    words = AGAIN(case=case, buttons=case_moves.ways_on(case, AGAIN))
    return notify(_counted(turn), _reason(turn), words, priority=Priority.HIGH)


def hand_on(turn: Turn) -> Decision | None:
    """Of no order that is known: no case can stand for it, so a person takes it at once."""
    if _order(turn):
        return None
    known = bool(turn.facts.orders) or bool(turn.slot("order_number"))
    return flag(_counted(turn), _reason(turn), in_line(turn, HANDED_ON, known=known), priority=Priority.HIGH)


def open_case(turn: Turn) -> Decision | None:
    """On record, over the order it is about."""
    order = _order(turn)
    if order is None:
        raise LookupError("hand_on comes first")
    outcome = case_moves.open_case(turn, _complaint(turn, order))
    human = Button("start", "escalate", "human")
    words = OPENED(case=outcome.case, order=order, buttons=(human,))
    effects = case_moves.effects(turn, outcome)
    seen = _counted(case_moves.seen_with(turn, outcome.case))
    return notify(seen, _reason(turn), words, priority=Priority.HIGH, effects=effects)


def read_subject(turn: Turn) -> str | None:
    """Whatever they tell, in their own words; a mere no tells nothing more."""
    if yes_no(turn) == "no":
        return _SKIP
    text = turn.incoming.text.strip()
    return text[:_SUBJECT] if any(map(str.isalnum, text)) else None


def _complaint(turn: Turn, order: Order) -> Case:
    return Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=(),
        kind=Kind.COMPLAINT,
        state=State.WAIT_SELLER_ANSWER,
        goods=goods_of(order, order.delivered) if order.shipped else Goods.NOT_SHIPPED,
        reason=Reason.SERVICE,
        amount=Money(0, order.currency),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(Reason.SERVICE),
        subject=_told(turn).removeprefix(_SKIP),
        evidence=turn.talk.attachments,
    )


def _told(turn: Turn) -> str:
    """The buyer's words: the answer to what happened, or those it began with, unless they only name the wish."""
    if turn.slot("subject") or turn.incoming.choice:
        return turn.slot("subject")
    said = turn.incoming.text.strip()
    return "" if "bare" in turn.meaning.exact else said[:_SUBJECT]


def _order(turn: Turn) -> Order | None:
    """The order it is about, where the talk tells: it is never asked for."""
    if turn.slot("order_number"):
        return None  # one that they named and that is not known to be theirs: never another one
    return order_of(turn) or turn.facts.order(turn.conversation.about)


def _counted(turn: Turn) -> Turn:
    return turn.with_conversation(replace(turn.conversation, complaints=turn.conversation.complaints + 1))


def _reason(turn: Turn) -> FlagReason:
    return mood_of(turn) or FlagReason.COMPLAINT


FLOW = Flow(
    intent="complaint",
    steps=(listen, take_higher, told_again, hand_on, open_case),
    replies=(LISTEN, OPENED, AGAIN, HANDED_ON, HIGHER_UP),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order"}),
    free=frozenset({"subject"}),
    kin=TROUBLES
    | {"feedback", "hurry_parcel", "refund_status", "review_bad", "seller_refused", "track_parcel"},
    reads={"subject": read_subject, "evidence": lambda _: None},
)
