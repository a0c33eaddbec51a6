"""Running a flow: begun with what a message tells, put aside for another, taken up again, or dropped."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Talk
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.flow import Flow, finish
from bot.flows.ordering import settle_order
from bot.flows.unserved import SERVED_AS

BEGIN = "begin"
"""What a talk asks that was wished for and has not begun."""
SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "affirm", "deny"})
"""Intents too light to interrupt a question that was asked."""


def start(turn: Turn, flow: Flow, **slots: str) -> Decision:
    """Begin a flow with what the message already tells; one under way is put aside, and offered again after."""
    conversation = turn.conversation
    under_way = conversation.talk if conversation.talk and conversation.talk.asking else None
    if under_way and under_way.flow == flow.intent:
        talk, parked = picked(turn, flow, under_way).fill(**slots), conversation.parked
    else:
        talk, parked = _begun(turn, flow).fill(**slots), under_way or conversation.parked
        if parked and parked.flow == flow.intent:
            talk = talk if talk.slots else picked(turn, flow, parked)
            parked = None
        parked = parked or _wished_too(turn, flow)
    return run(turn.with_conversation(replace(conversation, talk=talk, parked=parked)), flow)


def run(turn: Turn, flow: Flow) -> Decision:
    """Take a flow as far as it goes now, and offer to go on with what it interrupted."""
    turn = turn.with_conversation(replace(turn.conversation, misses=0))
    proof = settle_order(turn)
    if isinstance(proof, Decision):
        return proof
    decision = flow.decide(proof.turn)
    decision = replace(decision, effects=(*proof.effects, *decision.effects))
    parked = decision.conversation.parked
    if parked is None or not parked.asking or decision.conversation.talk is not None or decision.wants:
        return decision
    yes_no = (Button("resume", "yes", "yes"), Button("resume", "no", "no"))
    words = say.ALSO if parked.asking == BEGIN else say.RESUME
    offer = words(flow=parked.flow, buttons=yes_no, token=parked.token)
    offered = replace(parked, asking="")  # offered once; who answers something else is not asked again
    conversation = replace(decision.conversation, parked=offered)
    return replace(decision, conversation=conversation, says=(*decision.says, offer))


def resume(turn: Turn, go_on: bool) -> Decision:
    return run(turn, BY_INTENT[turn.talk.flow]) if go_on else dropped(turn)


def dropped(turn: Turn) -> Decision:
    return finish(turn, say.DROPPED(flow=turn.talk.flow))


def picked(turn: Turn, flow: Flow, talk: Talk) -> Talk:
    """The talk with what this message tells beyond the question asked; what is known already stays."""
    told = {name: value for name, value in turn.meaning.slots.items() if name in flow.takes}
    if tracking := told.pop("tracking_number", None):
        owner = [o.number for o in turn.facts.orders for p in o.parcels if p.number == tracking]
        told |= {"order": owner[0] if owner else "other"}  # a stranger's parcel is not taken for one's own
    return talk.fill(**{name: value for name, value in told.items() if name not in talk.slots})


def interrupts(turn: Turn, flow: Flow) -> bool:
    intent = turn.meaning.intent
    return intent is not None and intent not in SMALL_TALK | {flow.intent} | flow.kin


def _wished_too(turn: Turn, flow: Flow) -> Talk | None:
    """The other thing the same message asks for, to be offered when this one is done."""
    others = [SERVED_AS.get(intent, intent) for intent in turn.meaning.wishes]
    if flow.intent not in others or turn.incoming.choice:
        return None
    other = next(
        (BY_INTENT[intent] for intent in others if intent != flow.intent and intent in BY_INTENT), None
    )
    if other is None or other.intent in SMALL_TALK:
        return None
    return replace(picked(turn, other, Talk(other.intent, f"{turn.serial}b")), asking=BEGIN)


def _begun(turn: Turn, flow: Flow) -> Talk:
    talk = Talk(flow.intent, str(turn.serial), attachments=turn.incoming.attachments)
    return picked(turn, flow, talk)
