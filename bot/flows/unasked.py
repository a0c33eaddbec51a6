"""What the bot says without being asked: when it may, and how a buyer puts an end to it.

What an open case owes the buyer (a deadline that nears, evidence that is missing) is told even to who wants quiet: a right
that is lost unheard is worse than a message. It only keeps the quiet hours, while there is time for that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.conversation import Holder, Standing
from bot.domain.decision import Decision, PutOff, Say
from bot.domain.dues import Due
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.desk_replies import BUYER_SAYS
from bot.flows.flow import UNASKED, is_forgotten

STOPPED = reply("unasked/stopped", tone=Tone.NEXT_STEP, open_cases=int)
STARTED = reply("unasked/started", tone=Tone.THANKS)

REPLIES = (STOPPED, STARTED)

_LATER = timedelta(hours=2)
"""When it is tried again where a person or another matter has the conversation."""


def silenced(turn: Turn) -> Decision | None:
    """ "Stop writing to me", 退订: heard at once and kept for good; "start reminders" is the way back."""
    told = _told(turn)
    if not told or _means_the_flow(turn):
        return None
    conversation = replace(turn.conversation, quiet=told == "stop")
    if conversation.talk and conversation.talk.flow in UNASKED:
        conversation = replace(conversation, talk=None)
    still_open = sum(case.open for case in turn.facts.cases)
    says: tuple[Say, ...] = (STOPPED(open_cases=still_open) if told == "stop" else STARTED(),)
    if conversation.holder is not Holder.BOT:
        line = BUYER_SAYS(
            text=turn.incoming.text or turn.meaning.text,
            name=conversation.name,
            edited=turn.incoming.edited,
        )
        says = (*says, line)
    return Decision(conversation, says)


def _told(turn: Turn) -> str:
    if turn.incoming.command:
        return "stop" if turn.incoming.command.name == "stop" else ""
    exact = "unasked" in turn.meaning.exact and not turn.incoming.choice
    told = turn.meaning.slots.get("unasked", "") if exact else ""
    return told if told in ("stop", "start") else ""


def _means_the_flow(turn: Turn) -> bool:
    """A mere "stop" in the middle of something is about that."""
    talk = turn.conversation.talk
    under_way = talk is not None and bool(talk.asking) and talk.flow not in UNASKED
    return under_way and "drop" in turn.meaning.exact


def put_off(turn: Turn, case: Case, kind: str) -> Decision | None:
    """Nothing for who wants quiet; to another moment where this is none to speak unasked; None where it is one."""
    if turn.conversation.quiet:
        return Decision(turn.conversation)
    wanted, zone = turn.policy.aftercare, turn.policy.timezone
    soonest = turn.now + _LATER if _busy(turn) else turn.now
    at = wanted.next_unasked(soonest, turn.conversation.unasked_at, zone)
    return None if at <= turn.now else _at(turn, case, kind, at)


def put_off_reminder(turn: Turn, case: Case, kind: str) -> Decision | None:
    """A reminder of an open case waits for the end of the quiet hours, if there is time left then."""
    at = turn.policy.aftercare.after_quiet(turn.now, turn.policy.timezone)
    if at <= turn.now or case.due_at is None or at >= case.due_at:
        return None
    return _at(turn, case, kind, at)


def said_unasked(turn: Turn, decision: Decision) -> Decision:
    """The decision, with which the one unasked message of the day is said."""
    return replace(decision, conversation=replace(decision.conversation, unasked_at=turn.now))


def _at(turn: Turn, case: Case, kind: str, at: datetime) -> Decision:
    due = Due(kind, case.number, case.version, turn.conversation.id, at)
    return Decision(turn.conversation, effects=(PutOff(due),))


def _busy(turn: Turn) -> bool:
    """A person has the conversation, or a question of another matter is open."""
    conversation = turn.conversation
    if conversation.holder is not Holder.BOT:
        return True
    talk, parked = conversation.talk, conversation.parked
    asked = talk is not None and bool(talk.asking) and talk.flow not in UNASKED
    offered = parked is not None and parked.standing is Standing.OFFERED
    return (asked or offered) and not is_forgotten(turn)
