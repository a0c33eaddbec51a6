"""What happens when a clock of a conversation comes due: the lease is over, an answer is late, what was put aside is back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision, Say
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.watch import Alarm
from bot.flows.desk import given_back
from bot.flows.escalate import RELEASED
from bot.flows.handoff import flag, for_who_waits, in_line, notify

REQUEUED = for_who_waits("escalate/requeued", Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE)
LEASE_OVER = reply("desk/lease_over", tone=Tone.PLAIN, to=Audience.DESK, agent=str, waits=bool)
SNOOZE_OVER = reply("desk/snooze_over", tone=Tone.PLAIN, to=Audience.DESK, agent=str, name=str)
ANSWER_SOON = reply(
    "desk/answer_soon", tone=Tone.PLAIN, to=Audience.DESK, name=str, since=datetime, by=datetime, agent=str
)
ANSWER_LATE = reply(
    "desk/answer_late", tone=Tone.PLAIN, to=Audience.DESK, name=str, since=datetime, agent=str
)
UNSETTLED_SOON = reply(
    "desk/resolution_due_soon",
    tone=Tone.PLAIN,
    to=Audience.DESK,
    name=str,
    since=datetime,
    by=datetime,
    agent=str,
)
UNSETTLED = reply(
    "desk/resolution_late", tone=Tone.PLAIN, to=Audience.DESK, name=str, since=datetime, agent=str
)

REPLIES = (REQUEUED, LEASE_OVER, SNOOZE_OVER, ANSWER_SOON, ANSWER_LATE, UNSETTLED_SOON, UNSETTLED)

_SKEW = timedelta(seconds=5)
"""How far the clocks of two machines may be apart: who fires a row and who decides on it need not be the same."""


def alarmed(turn: Turn) -> Decision | None:
    """A clock of the conversation; one that was set anew since, or stopped, means nothing."""
    clock = turn.incoming.clock
    if clock is None or clock.kind not in Alarm.__members__.values():
        return None
    alarm = Alarm(clock.kind)
    at = turn.conversation.watch.alarms.get(alarm)
    return _ALARMS[alarm](turn) if at and at <= turn.now + _SKEW else Decision(turn.conversation)


def _lease_over(turn: Turn) -> Decision:
    conversation, watch = turn.conversation, turn.conversation.watch
    return let_go(turn, LEASE_OVER(agent=conversation.agent, waits=watch.waits_since is not None))


def let_go(turn: Turn, words: Say) -> Decision:
    """Its agent holds it no longer, and `words` tell the desk why: who waits for an answer gets another person, who does not
    is the bot's again. What called a person, and no agent has said a word to, stays flagged."""
    conversation, watch = turn.conversation, turn.conversation.watch
    if watch.waits_since is not None:
        waits = watch.left_by(conversation.agent, turn.now, turn.policy.attendance, turn.policy.shop)
        free = turn.with_conversation(replace(conversation, agent="", watch=waits))
        return flag(free, FlagReason.UNANSWERED, in_line(free, REQUEUED), words, priority=Priority.HIGH)
    freed = given_back(conversation)
    if watch.answered:
        return Decision(freed, (RELEASED(), words))
    return Decision(replace(freed, flag=conversation.flag), (words,))


def _snooze_over(turn: Turn) -> Decision:
    """It is the agent's again, for as long as any conversation is."""
    conversation = turn.conversation
    awake = conversation.watch.woken(turn.now, turn.policy.attendance, turn.policy.shop)
    words = SNOOZE_OVER(agent=conversation.agent, name=conversation.name)
    return Decision(replace(conversation, watch=awake), (words,))


def _answer_soon(turn: Turn) -> Decision:
    conversation, watch = turn.conversation, turn.conversation.watch
    told = replace(conversation, watch=replace(watch, warn_at=None))
    if watch.waits_since is None or watch.answer_by is None:
        return Decision(told)
    words = ANSWER_SOON(
        name=conversation.name, since=watch.waits_since, by=watch.answer_by, agent=conversation.agent
    )
    return Decision(told, (words,))


def _answer_late(turn: Turn) -> Decision:
    """It goes before others, and stands for all agents to see."""
    conversation, watch = turn.conversation, turn.conversation.watch
    rung = turn.with_conversation(replace(conversation, watch=replace(watch, warn_at=None, answer_by=None)))
    if watch.waits_since is None:
        return Decision(rung.conversation)
    words = ANSWER_LATE(name=conversation.name, since=watch.waits_since, agent=conversation.agent)
    return notify(rung, FlagReason.UNANSWERED, priority=Priority.URGENT, post=words)


def _unsettled_soon(turn: Turn) -> Decision:
    conversation, watch = turn.conversation, turn.conversation.watch
    told = replace(conversation, watch=replace(watch, resolve_warn_at=None))
    if watch.opened_at is None or watch.resolve_by is None:
        return Decision(told)
    words = UNSETTLED_SOON(
        name=conversation.name, since=watch.opened_at, by=watch.resolve_by, agent=conversation.agent
    )
    return Decision(told, (words,))


def _unsettled(turn: Turn) -> Decision:
    """It goes before others, and stands for all agents to see."""
    conversation, watch = turn.conversation, turn.conversation.watch
    over = replace(watch, resolve_warn_at=None, resolve_by=None)
    rung = turn.with_conversation(replace(conversation, watch=over))
    if watch.opened_at is None:
        return Decision(rung.conversation)
    words = UNSETTLED(name=conversation.name, since=watch.opened_at, agent=conversation.agent)
    return notify(rung, FlagReason.UNSETTLED, priority=Priority.HIGH, post=words)


_ALARMS: Mapping[Alarm, Callable[[Turn], Decision]] = {
    Alarm.LEASE: _lease_over,
    Alarm.SNOOZE: _snooze_over,
    Alarm.WARNING: _answer_soon,
    Alarm.LATE: _answer_late,
    Alarm.UNSETTLED_SOON: _unsettled_soon,
    Alarm.UNSETTLED: _unsettled,
}
