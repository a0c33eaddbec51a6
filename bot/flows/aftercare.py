"""After it is solved: has it come, how was it, and some weeks later a kind word (domain facts, section 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.cases import MONEY, Case, Kind, State
from bot.domain.conversation import FlagReason, Priority, Standing, Talk
from bot.domain.decision import Audience, Decision, KeepScore
from bot.domain.dues import Reminder
from bot.domain.feedback import BEST, LEAST, Score
from bot.domain.messages import Button
from bot.domain.refunds import Refund, RefundState
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.flows import dialogue_replies as say
from bot.flows.flow import Flow, ask, finish
from bot.flows.handoff import notify, wait
from bot.flows.small_talk import menu
from bot.flows.unasked import put_off, said_unasked

ARRIVED = reply("aftercare/arrived", "yes", "no", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case)
UNPAID = reply(
    "aftercare/unpaid",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    minutes=int,
    back_at=datetime | None,
)
NOT_YET = reply(
    "aftercare/not_yet",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    paid=bool,
    minutes=int,
    back_at=datetime | None,
)
SCORE = reply("aftercare/score", "score", tone=Tone.NEXT_STEP, option={"score": int}, case=Case, arrived=bool)
THANKS = reply("aftercare/thanks", tone=Tone.THANKS, score=int, words=bool)
SORRY = reply(
    "aftercare/sorry",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    words=bool,
    minutes=int,
    back_at=datetime | None,
)
NOTED = reply("aftercare/noted", tone=Tone.THANKS)
VISIT = reply("aftercare/visit", tone=Tone.GREETING | Tone.THANKS | Tone.NEXT_STEP, name=str)
NOT_ARRIVED = reply(
    "desk/not_arrived", tone=Tone.PLAIN, to=Audience.DESK, case=Case, refunds=tuple[Refund, ...]
)
LOW_SCORE = reply("desk/low_score", tone=Tone.PLAIN, to=Audience.DESK, case=Case, score=int, words=str)

REPLIES: tuple[Reply, ...] = (VISIT, UNPAID)
"""What comes due by itself; the rest belongs to the flow."""

# -- what comes due


def ask_after(turn: Turn, case: Case) -> Decision:
    """The bank's days are over, or the parcel came some days ago: how did it end?"""
    if case.kind is Kind.PARCEL_INQUIRY:  # what follows from it is asked about
        return Decision(turn.conversation)
    owed = _refunds(turn, case)
    unpaid = any(refund.state is not RefundState.DONE for refund in owed)
    if later := put_off(turn, case, Reminder.ARRIVED):
        return _told_the_desk(turn, case, owed) if unpaid and turn.conversation.quiet else later
    if unpaid:
        called = _called(turn, case, owed)
        return said_unasked(turn, replace(called, says=(UNPAID(case=case, **wait(turn)), *called.says)))
    talk = Talk(FLOW.intent, str(turn.serial), {"case": case.number})
    parked = turn.conversation.talk or turn.conversation.parked
    asked = turn.with_conversation(replace(turn.conversation, talk=talk, parked=_left(parked)))
    return said_unasked(asked, ask_arrived(asked) or _asked_score(asked, case))


def visit(turn: Turn, case: Case) -> Decision:
    """How is a regular buyer? Only after the last of their cases, and only while none is open."""
    bought = [order for order in turn.facts.orders if order.paid_at]
    regular = len(bought) >= turn.policy.aftercare.visit_orders
    newest = turn.facts.cases[0].number == case.number
    if not regular or not newest or any(one.open for one in turn.facts.cases):
        return Decision(turn.conversation)
    if later := put_off(turn, case, Reminder.VISIT):
        return later
    return said_unasked(turn, Decision(turn.conversation, (VISIT(name=turn.conversation.name),)))


def _left(talk: Talk | None) -> Talk | None:
    """What was under way long ago: its buttons still work, nobody is asked to go on with it."""
    return replace(talk, standing=Standing.LEFT) if talk and talk.flow != FLOW.intent else None


def _told_the_desk(turn: Turn, case: Case, owed: tuple[Refund, ...]) -> Decision:
    """Who wants quiet hears nothing; the shop still owes the money."""
    called = _called(turn, case, owed)
    return replace(called, conversation=replace(called.conversation, talk=turn.conversation.talk))


# -- the flow


def known_case(turn: Turn) -> Decision | None:
    """A button of a case that is the buyer's and has succeeded; any other is none of ours."""
    case = turn.facts.case(turn.slot("case"))
    if case is not None and case.state is State.SUCCESS:
        return None
    return finish(turn, say.STALE_BUTTON(buttons=menu()))


def ask_arrived(turn: Turn) -> Decision | None:
    """Has the money come? Of a parcel that was sent, the buyer or the carrier has said so already."""
    case = _case(turn)
    if turn.slot("arrived") or turn.slot("score") or not _refunds(turn, case):
        return None
    buttons = tuple(
        Button("start", f"{FLOW.intent} case={case.number} arrived={told}", told) for told in ("yes", "no")
    )
    return ask(turn, "arrived", ARRIVED(case=case, buttons=buttons))


def not_arrived(turn: Turn) -> Decision | None:
    """Not yet: the truth about the payment, and a person who traces it."""
    if turn.slot("arrived") != "no" or turn.slot("score"):
        return None
    case = _case(turn)
    owed = _refunds(turn, case)
    called = _called(turn, case, owed)
    paid = bool(owed) and all(refund.state is RefundState.DONE for refund in owed)
    return replace(called, says=(NOT_YET(case=case, paid=paid, **wait(turn)), *called.says))


def ask_score(turn: Turn) -> Decision | None:
    """How well was it served, from one to five, and in a word?"""
    return None if turn.slot("score") else _asked_score(turn, _case(turn))


def keep_score(turn: Turn) -> Decision | None:
    """Keep it, say thanks, and ask why where no word came with it; a low one is looked at by a person."""
    case, score = _case(turn), int(turn.slot("score"))
    words = turn.slot("words") or _beside(turn)
    kept = (KeepScore(Score(case.number, score, words, turn.now)),)
    low = score <= turn.policy.aftercare.low_score
    if turn.slot("words"):
        heard = (LOW_SCORE(case=case, score=score, words=words),) if low else ()
        return finish(turn, NOTED(), *heard, effects=kept)
    if low:
        said = notify(
            turn,
            FlagReason.LOW_SCORE,
            SORRY(words=bool(words), **wait(turn)),
            LOW_SCORE(case=case, score=score, words=words),
            priority=Priority.HIGH,
            effects=kept,
        )
    else:
        said = finish(turn, THANKS(score=score, words=bool(words)), effects=kept)
    if words:
        return said
    return replace(said, conversation=replace(said.conversation, talk=replace(turn.talk, asking="words")))


def _asked_score(turn: Turn, case: Case) -> Decision:
    buttons = tuple(
        Button("start", f"{FLOW.intent} case={case.number} score={score}", "score", {"score": score})
        for score in range(LEAST, BEST + 1)
    )
    words = SCORE(case=case, arrived=turn.slot("arrived") == "yes", buttons=buttons)
    return ask(turn, "score", words)


def _called(turn: Turn, case: Case, owed: tuple[Refund, ...]) -> Decision:
    """A person, with the keys under which whoever pays can trace the money."""
    post = NOT_ARRIVED(case=case, refunds=owed)
    return notify(turn, FlagReason.NOT_SOLVED, post, priority=Priority.HIGH)


def _case(turn: Turn) -> Case:
    case = turn.facts.case(turn.slot("case"))
    if case is None:
        raise LookupError("known_case comes first")
    return case


def _refunds(turn: Turn, case: Case) -> tuple[Refund, ...]:
    """The money that was ordered to be paid for the case, and not called off."""
    if case.kind not in MONEY and not any(refund.case == case.number for refund in turn.facts.refunds):
        return ()
    return tuple(refund for refund in turn.facts.refunds if refund.case == case.number and refund.counts)


def read_arrived(turn: Turn) -> str | None:
    """Whether it has come."""
    slots, told = turn.meaning.slots, ("money_came", "came", "received", "yes_no")
    return next((slots[name] for name in told if slots.get(name)), None)


def read_score(turn: Turn) -> str | None:
    """A score, in figures or in words."""
    return turn.meaning.slots.get("score")


def read_words(turn: Turn) -> str | None:
    """Why, in whatever words; a file has none."""
    text = turn.meaning.text.strip()
    return (
        text[:_LONGEST]
        if text and not turn.incoming.attachments and "drop" not in turn.meaning.exact
        else None
    )


_LONGEST = 500
"""Characters of the words that are kept with a score."""


def _beside(turn: Turn) -> str:
    """What was said beside the score, in the same message."""
    if turn.incoming.choice or turn.talk.asking != "score":
        return ""
    return turn.meaning.slots.get("beside_score", "")[:_LONGEST]


FLOW = Flow(
    intent="aftercare",
    steps=(known_case, ask_arrived, not_arrived, ask_score, keep_score),
    replies=(ARRIVED, NOT_YET, SCORE, THANKS, SORRY, NOTED, NOT_ARRIVED, LOW_SCORE),
    starts=frozenset({"case", "arrived", "score"}),
    free=frozenset({"words"}),
    own_no=frozenset({"arrived", "score", "words"}),
    kin=frozenset({"review_good", "review_bad", "feedback", "refund_status", "refund_how_long"}),
    reads={"arrived": read_arrived, "score": read_score, "words": read_words},
)
