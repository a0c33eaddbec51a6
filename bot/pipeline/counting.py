"""What a committed turn adds to the counts."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from prometheus_client import Counter

from bot.domain.cases import Event
from bot.domain.conversation import Holder
from bot.domain.decision import MoveCase
from bot.flows import BY_INTENT, INTENTS
from bot.flows.alarms import ANSWER_LATE, UNSETTLED
from bot.flows.dialogue_replies import FALLBACK, GUESS, NOT_UNDERSTOOD
from bot.pipeline import metrics
from bot.pipeline.turns import Outturn
from bot.understanding.recognise import NONE

_UNSURE = {
    GUESS.name: "asked",
    FALLBACK.name: "not_understood",
    NOT_UNDERSTOOD.name: "not_understood",
}
"""What the bot says when it did not know what was meant."""
_LATE = {ANSWER_LATE.name: "answer", UNSETTLED.name: "settlement"}
"""What the agents read when a time is over in which they should have acted."""


def count(turn: Outturn, seconds: float, now: datetime) -> None:
    """Count a turn that took so long, and was committed now."""
    _turns(_about(turn), _outcome(turn)).inc()
    metrics.TURN_SECONDS.observe(seconds)
    if turn.rows:
        metrics.WAIT_SECONDS.observe(max(0.0, (now - turn.rows[0].received_at).total_seconds()))
    if turn.in_words and turn.before.holder is Holder.BOT:
        _understood(_decision(turn)).inc()
    for clock in _missed(turn):
        metrics.MISSED.labels(clock).inc()


@cache
def _turns(about: str, outcome: str) -> Counter:
    """Kept, for looking a series up costs more than counting in it."""
    return metrics.TURNS.labels(about, outcome)


@cache
def _understood(decision: str) -> Counter:
    return metrics.UNDERSTOOD.labels(decision)


def _about(turn: Outturn) -> str:
    """A name of a list that is known: what an owner's own phrases add is not worth a series of its own."""
    known = not turn.in_words or turn.about in INTENTS or turn.about in BY_INTENT
    return turn.about if known else "unknown"


def _outcome(turn: Outturn) -> str:
    if _handed_over(turn):
        return "handed_over"
    here = turn.conversation.channel, turn.conversation.address
    return "answered" if any((draft.channel, draft.address) == here for draft in turn.drafts) else "silent"


def _handed_over(turn: Outturn) -> bool:
    return turn.before.holder is Holder.BOT and turn.conversation.holder is not Holder.BOT


def _decision(turn: Outturn) -> str:
    if _handed_over(turn):
        return "handed_over"
    told = next((_UNSURE[line.reply] for line in turn.lines if line.reply in _UNSURE), "recognised")
    return "out_of_scope" if told == "not_understood" and turn.about == NONE else told


def _missed(turn: Outturn) -> list[str]:
    """Clocks that ran out on the shop: one that was stopped or set anew meanwhile leaves no trace."""
    moved = (effect.outcome.entry.act.event for effect in turn.effects if isinstance(effect, MoveCase))
    late = (_LATE[line.reply] for line in turn.lines if line.reply in _LATE)
    return [*("case" for event in moved if event is Event.SELLER_TIMEOUT), *late]
