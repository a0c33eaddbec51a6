""" "I see", 知道了, "ok" where no yes is asked for: heard, and nothing answered. It is no miss, and no thanks either."""

from __future__ import annotations

from bot.domain.conversation import Standing
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.flow import Flow, asked_back
from bot.flows.ordering import READS
from bot.flows.person_offered import acknowledged, person_offered
from bot.flows.sent_yet import still_unsent


def only_heard(turn: Turn) -> Decision | None:
    """The question stays open, and a short word says that there is time; what awaits a yes is said to be unsent."""
    if not acknowledged(turn) or asked_back(turn) or not _open(turn) or _answers(turn):
        return None
    if came := _came(turn):
        return still_unsent(turn) or came.decide(turn) if turn.slot("received") == "yes" else None
    return still_unsent(turn) or Decision(turn.conversation, (say.TAKE_YOUR_TIME(),))


def _came(turn: Turn) -> Flow | None:
    """收到了: where it matters, it is the goods that came, and no "I see"; said once more, the question is put again."""
    talk = turn.conversation.talk
    flow = BY_INTENT[talk.flow] if talk else None
    told = turn.meaning.slots.get("received") == "yes" and "received" in turn.meaning.exact
    return flow if flow and told and "received" in flow.takes else None


def noted(turn: Turn) -> Decision | None:
    """The same where nothing is open: there is nothing to understand in it."""
    idle = turn.conversation.talk is None and turn.meaning.intent is None
    return BY_INTENT["affirm"].decide(turn) if idle and acknowledged(turn) else None


def _open(turn: Turn) -> bool:
    talk, parked = turn.conversation.talk, turn.conversation.parked
    if talk is not None:
        return bool(talk.asking)
    offered = parked is not None and parked.standing is Standing.OFFERED
    return offered and not person_offered(turn) and "yes_no" not in turn.meaning.slots


def _answers(turn: Turn) -> bool:
    """True where it may be what the question asks for; in whatever words that is, "ok" is none of them."""
    talk = turn.conversation.talk
    if talk is None or talk.asking in BY_INTENT[talk.flow].free:
        return False
    flow = BY_INTENT[talk.flow]
    agreed = talk.asking in flow.summaries and turn.meaning.intent == "affirm"
    return agreed or (flow.reads.get(talk.asking) or READS[talk.asking])(turn) is not None
