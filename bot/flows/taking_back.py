"""What an agent said is worded otherwise, or taken back.

Words go out at once; none are held in case somebody thinks better of them, for that would delay every answer for the sake of a
few. What has left is deleted where the buyer reads it, and the transcript keeps that it was said and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.decision import Alter, Audience, Decision, TakeBack
from bot.domain.manner import Manner, Operation
from bot.domain.messages import AgentAct, Speaker
from bot.domain.replies import Tone, reply
from bot.domain.spoken import Spoken
from bot.domain.turn import Turn

AGENT_CORRECTS = reply("desk/agent_corrects", tone=Tone.PLAIN, text=str, agent=str)
TAKEN_BACK = reply("desk/taken_back", tone=Tone.PLAIN, to=Audience.DESK, agent=str, text=str)
NOTHING_TO_UNDO = reply("desk/nothing_to_undo", tone=Tone.PLAIN, to=Audience.DESK, seconds=int)
NOT_YOURS = reply("desk/not_yours", tone=Tone.PLAIN, to=Audience.DESK)
TOO_OLD = reply("desk/too_old", tone=Tone.PLAIN, to=Audience.DESK)
NOT_SAID = reply("desk/not_said", tone=Tone.PLAIN, to=Audience.DESK)

REPLIES = (AGENT_CORRECTS, TAKEN_BACK, NOTHING_TO_UNDO, NOT_YOURS, TOO_OLD, NOT_SAID)

UNDO, DELETE, EDIT = "undo", "delete", "edit"
"""Take back the last words, or those that are replied to; word a message otherwise."""
DELETABLE = timedelta(hours=48)
"""How long a messenger lets it be deleted (https://core.telegram.org/bots/api#deletemessage)."""


def undo(turn: Turn, done: AgentAct) -> Decision:
    """The last words of this agent, if they were said just now."""
    seconds = turn.policy.attendance.undo_seconds
    since = turn.now - timedelta(seconds=seconds)
    mine = (said for said in reversed(turn.facts.said) if _by(said, done))
    last = next(mine, None)
    if last is None or last.at < since:
        return Decision(turn.conversation, (NOTHING_TO_UNDO(seconds=seconds),))
    return _taken_back(turn, done, last)


def delete(turn: Turn, done: AgentAct) -> Decision:
    """The words that are replied to."""
    found = _of(turn, turn.incoming.answers)
    if found is None:
        return Decision(turn.conversation, (NOT_SAID(),))
    if not _by(found, done):
        return Decision(turn.conversation, (NOT_YOURS(),))
    if found.at < turn.now - DELETABLE:
        return Decision(turn.conversation, (TOO_OLD(),))
    return _taken_back(turn, done, found)


def edit(turn: Turn, done: AgentAct) -> Decision:
    """Other words for a message: in its place where the messenger can do that, and as a correction where it can't."""
    found = _of(turn, turn.incoming.ref)
    if found is None or not done.text:
        return Decision(turn.conversation, (NOT_SAID(),))
    manner = Manner(operation=Operation.EDIT, of=(turn.incoming.ref,), sent=found.key, watched=True)
    corrected = AGENT_CORRECTS(text=done.text, agent=done.agent)
    return Decision(turn.conversation, (replace(corrected, manner=manner),))


def _taken_back(turn: Turn, done: AgentAct, said: Spoken) -> Decision:
    """Who was answered with it waits again."""
    manner = Manner(operation=Operation.DELETE, of=said.of, sent=said.key, watched=True)
    words = replace(
        TAKEN_BACK(agent=done.agent, text=said.text), manner=Manner(under=said.of[0] if said.of else "")
    )
    watch = turn.conversation.watch.asked(turn.now, turn.policy.attendance, turn.policy.shop)
    conversation = replace(turn.conversation, watch=watch)
    withdrawn = (TakeBack(one.key) for one in turn.facts.said if one.key and _the_same(one, said))
    return Decision(conversation, (words,), (*withdrawn, Alter(Audience.BUYER, manner)))


def _the_same(one: Spoken, other: Spoken) -> bool:
    """The same words, or the same message worded otherwise."""
    return one.key == other.key or not set(one.of).isdisjoint(other.of)


def _of(turn: Turn, mark: str) -> Spoken | None:
    """What an agent said in the message of that mark."""
    said = (one for one in turn.facts.said if one.who is Speaker.AGENT and not one.gone)
    return next((one for one in said if mark and mark in one.of), None)


def _by(said: Spoken, done: AgentAct) -> bool:
    return said.who is Speaker.AGENT and said.name == done.agent and bool(said.key) and not said.gone


ACTS: dict[str, Callable[[Turn, AgentAct], Decision]] = {UNDO: undo, DELETE: delete, EDIT: edit}
