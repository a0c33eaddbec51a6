"""Who writes faster than anybody reads is asked once to wait: what they wrote is kept, and nobody else waits for it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Holder
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn

SLOWLY = reply("talk/slowly", tone=Tone.APOLOGY | Tone.NEXT_STEP)

REPLIES = (SLOWLY,)


def too_fast(turn: Turn) -> Decision | None:
    """More messages in this minute than the shop has answered; people who hold the conversation read all of them."""
    count, most = turn.conversation.pace.at(turn.now).count, turn.policy.messages_a_minute
    if turn.conversation.holder is not Holder.BOT or count <= most:
        return None
    return Decision(turn.conversation, (SLOWLY(),) if count == most + 1 else ())


def counted(turn: Turn, decision: Decision) -> Decision:
    """The decision, with what the buyer did counted."""
    if turn.incoming.act or turn.incoming.of_itself:
        return decision
    pace = turn.conversation.pace.at(turn.now)
    return replace(decision, conversation=replace(decision.conversation, pace=pace))
