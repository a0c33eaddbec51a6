"""A message that the buyer changes afterwards is read with its new words, and does nothing a second time."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.decision import Audience, Decision, LinkOrder, PutOff
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn

EDITED = reply("talk/edited", tone=Tone.NEXT_STEP)

REPLIES = (EDITED,)


def _edited(turn: Turn) -> Decision:
    return Decision(turn.conversation, (EDITED(),))


def edited_too_late(turn: Turn) -> Decision | None:
    """What was done because of the message stays done; and an older one does not answer what is asked now."""
    if not turn.incoming.edited:
        return None
    conversation = turn.conversation
    asking = conversation.talk is not None and bool(conversation.talk.asking)
    if _older(turn):
        return _edited(turn) if asking else None
    return _edited(turn) if conversation.acted else None


def nothing_twice(turn: Turn, decision: Decision) -> Decision:
    """An older message may have done its work before: its new words do none."""
    return _edited(turn) if turn.incoming.edited and _older(turn) and _does(decision) else decision


def remembered(turn: Turn, decision: Decision) -> Decision:
    """The decision, with which message it came of, and whether anything was done."""
    if not turn.from_buyer:
        return decision
    did, ref, conversation = _does(decision), turn.incoming.ref, decision.conversation
    if ref and not (turn.incoming.edited and _older(turn)):
        kept = conversation.acted and turn.incoming.edited
        return replace(decision, conversation=replace(conversation, heard=ref, acted=did or kept))
    return replace(decision, conversation=replace(conversation, acted=True)) if did else decision


def _older(turn: Turn) -> bool:
    return (
        bool(turn.incoming.ref and turn.conversation.heard) and turn.incoming.ref != turn.conversation.heard
    )


def _does(decision: Decision) -> bool:
    """True when something is committed besides words to the buyer, or somebody at the shop is told to act."""
    to_desk = any(said.to is Audience.DESK for said in decision.says)
    return to_desk or any(not isinstance(effect, LinkOrder | PutOff) for effect in decision.effects)
