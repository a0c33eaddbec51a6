"""A person offered where the rules say no, or to who is displeased again: the next yes is to that."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.escalate import FLOW as ESCALATE


def offering_a_person(turn: Turn, decision: Decision) -> Decision:
    """The decision, with a person in mind for who says yes to it; what is put aside to be gone on with comes first."""
    parked = decision.conversation.parked
    if parked is not None and parked.standing is not Standing.LEFT and parked.flow != ESCALATE.intent:
        return decision
    person = Talk(ESCALATE.intent, f"{turn.serial}p", standing=Standing.OFFERED)
    return replace(decision, conversation=replace(decision.conversation, parked=person))


def person_offered(turn: Turn) -> bool:
    """True when a person was offered in the last words, and nobody has answered yet."""
    parked = turn.conversation.parked
    return parked is not None and parked.flow == ESCALATE.intent and parked.standing is Standing.OFFERED


def acknowledged(turn: Turn) -> bool:
    """True for a mere "ok" or 好的谢谢, which calls nobody."""
    return "ack" in turn.meaning.exact
