"""What is said to who is angry, threatens, or may hurt themselves: calm words that don't argue, and a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Flag, FlagReason, Holder, Priority
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.flows.handoff import BACK, card, flag, notify, wait
from bot.flows.moods import mood_of, urgency

CARE = reply("mood/care", tone=Tone.NEXT_STEP)
ANGER = reply("mood/anger", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP)
THREAT = reply("mood/threat", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP)

MOVED_UP = reply(
    "mood/moved_up",
    "back",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    minutes=int,
    back_at=datetime | None,
)

DISPLEASED = reply(
    "mood/displeased",
    "hurry_parcel",
    "request_refund",
    "human",
    tone=Tone.NEXT_STEP,
    soothed=bool,
    asked=bool,
    times=int,
)

REPLIES = (CARE, ANGER, THREAT, MOVED_UP, DISPLEASED)

_HEARD: Mapping[FlagReason, Reply] = {FlagReason.ANGER: ANGER, FlagReason.THREAT: THREAT}


def in_danger(turn: Turn) -> Decision | None:
    """Who may hurt themselves gets a person at once and a kind word: no form, no question, whoever holds the talk."""
    before = turn.conversation
    known = before.flag is not None and before.flag.reason is FlagReason.SELF_HARM
    if mood_of(turn) is not FlagReason.SELF_HARM or (known and before.holder is not Holder.BOT):
        return None
    if before.holder is not Holder.AGENT:
        return flag(turn, FlagReason.SELF_HARM, CARE(), priority=Priority.URGENT)
    mark = Flag(FlagReason.SELF_HARM, Priority.URGENT, turn.now, turn.incoming.text)
    held = replace(before, flag=mark)
    return Decision(held, (card(turn, held, mark),))  # the agent is there, and answers


def soothed(turn: Turn, decision: Decision) -> Decision:
    """Who is angry is heard before they are answered, and a person is told: once, not at every word."""
    mood, after = mood_of(turn), decision.conversation
    if mood is None or after.holder is not Holder.BOT or decision.wants or not will_soothe(turn):
        return decision
    if after.flag != turn.conversation.flag:  # what serves them has heard them, and called a person
        return decision
    mark = Flag(mood, urgency(turn), turn.now, turn.incoming.text)
    flagged = replace(after, flag=mark)
    buttons = () if after.talk else (Button("start", "escalate", "human"),)
    says = (_HEARD[mood](buttons=buttons), *decision.says, card(turn, flagged, mark))
    return replace(decision, conversation=flagged, says=says)


def will_soothe(turn: Turn) -> bool:
    """True for a mood that is heard, and was not before."""
    flag = turn.conversation.flag
    return mood_of(turn) in _HEARD and not (flag is not None and flag.reason in _HEARD)


def moved_up(turn: Turn) -> Decision | None:
    """Anger or a threat of who waits for a person moves them up, and they hear so: once, not at every word."""
    mood, mark = mood_of(turn), turn.conversation.flag
    if mood is None or turn.conversation.holder is not Holder.QUEUED:
        return None
    if mark is not None and mark.priority is not Priority.NORMAL:
        return None
    return notify(turn, mood, MOVED_UP(**wait(turn), buttons=(BACK,)))
