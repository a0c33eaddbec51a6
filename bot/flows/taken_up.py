""" "Send it, then", just after it was put aside unsent: it is taken up where it was, and a summary shown once more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.flow import PAUSED, is_forgotten, names_deed
from bot.flows.next_product import REST
from bot.flows.ordering import LISTED
from bot.flows.request_refund import DROPPED
from bot.flows.running import run
from bot.understanding.precedence import SMALL_TALK

_PUT_ASIDE = frozenset({say.DROPPED.name, DROPPED.name})


def taken_up(turn: Turn) -> Decision | None:
    """Nothing is sent by it: the buyer sees again what it says, and says yes to that."""
    left = turn.conversation.left
    if left is None or turn.conversation.talk is not None or turn.incoming.choice or is_forgotten(turn):
        return None
    return run(turn.with_talk(left), BY_INTENT[left.flow]) if names_deed(turn) == "send" else None


def with_left(turn: Turn, decision: Decision) -> Decision:
    """The decision, with what it puts aside; small talk leaves that where it is, and anything else comes in its place."""
    before, after = turn.conversation, decision.conversation
    if not turn.from_buyer:
        return decision
    aside = any(said.reply in _PUT_ASIDE for said in decision.says)
    if aside and before.talk is not None and before.talk.asking and after.talk is None:
        return replace(decision, conversation=replace(after, left=_unsent(before.talk), asked_at=turn.now))
    passing = turn.meaning.intent is None or turn.meaning.intent in SMALL_TALK
    stays = passing and after.talk is None and not decision.effects and not turn.incoming.choice
    return decision if stays else replace(decision, conversation=replace(after, left=None))


def _unsent(talk: Talk) -> Talk:
    """Without the answer to its summary, and what is offered by itself."""
    answers = BY_INTENT[talk.flow].summaries
    return replace(talk.drop(PAUSED, REST, LISTED, *answers), standing=Standing.ASKED)
