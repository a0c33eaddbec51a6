"""What happens when a clock of a conversation comes due: the lease is over, an answer is late, what was put aside is back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision, Say
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.domain.watch import Alarm, Watch
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


def _soon(turn: Turn, words: Reply, told: Watch, since: datetime | None, by: datetime | None) -> Decision:
    """A word ahead of time, if there is still a time."""
    conversation = replace(turn.conversation, watch=told)
    if since is None or by is None:
        return Decision(conversation)
    return Decision(
        conversation, (words(name=conversation.name, since=since, by=by, agent=conversation.agent),)
    )


def _late(
    turn: Turn,
    words: Reply,
    over: Watch,
    since: datetime | None,
    reason: FlagReason,
    priority: Priority,
) -> Decision:
    """It goes before others, and stands for all agents to see."""
    rung = turn.with_conversation(replace(turn.conversation, watch=over))
    if since is None:
        return Decision(rung.conversation)
    post = words(name=turn.conversation.name, since=since, agent=turn.conversation.agent)
    return notify(rung, reason, priority=priority, post=post)


def _answer_soon(turn: Turn) -> Decision:
    watch = turn.conversation.watch
    return _soon(turn, ANSWER_SOON, replace(watch, warn_at=None), watch.waits_since, watch.answer_by)


def _answer_late(turn: Turn) -> Decision:
    watch = turn.conversation.watch
    over = replace(watch, warn_at=None, answer_by=None)
    return _late(turn, ANSWER_LATE, over, watch.waits_since, FlagReason.UNANSWERED, Priority.URGENT)


def _unsettled_soon(turn: Turn) -> Decision:
    watch = turn.conversation.watch
    return _soon(
        turn, UNSETTLED_SOON, replace(watch, resolve_warn_at=None), watch.opened_at, watch.resolve_by
    )


def _unsettled(turn: Turn) -> Decision:
    watch = turn.conversation.watch
    over = replace(watch, resolve_warn_at=None, resolve_by=None)
    return _late(turn, UNSETTLED, over, watch.opened_at, FlagReason.UNSETTLED, Priority.HIGH)


_ALARMS: Mapping[Alarm, Callable[[Turn], Decision]] = {
    Alarm.LEASE: _lease_over,
    Alarm.SNOOZE: _snooze_over,
    Alarm.WARNING: _answer_soon,
    Alarm.LATE: _answer_late,
    Alarm.UNSETTLED_SOON: _unsettled_soon,
    Alarm.UNSETTLED: _unsettled,
}
