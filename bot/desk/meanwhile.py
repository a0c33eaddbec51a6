"""An answer is held back when it may not be what the agent would say now: the buyer wrote more, or a colleague took over.

What the buyer wrote that is still on its way through the inbox (some milliseconds) is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.web.guard import Refusal
from bot.channels.web.reading import lines_after
from bot.domain.conversation import Conversation, Holder
from bot.domain.messages import Speaker
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line


def said_meanwhile(unit: Unit, conversation_id: int, seen: int) -> Sequence[Line]:
    """What the buyer said after the last line the agent had seen; nothing where they name none."""
    if not seen:
        return ()
    return [line for line in lines_after(unit, conversation_id, seen) if line.who is Speaker.BUYER]


def check_holder(conversation: Conversation, agent: str) -> None:
    """Refuse an answer in a conversation that a colleague holds; it stays in the agent's box."""
    if conversation.holder is Holder.AGENT and conversation.agent != agent:
        raise Refusal(409, "error_held", name=conversation.agent)
