"""While people hold the conversation: the bot is silent, and shows them what the buyer says."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Holder
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import desk
from bot.flows.answering import tapped
from bot.flows.escalate import BACK as WITH_THE_BOT
from bot.flows.handoff import BACK


def agent_acts(turn: Turn) -> Decision | None:
    """An agent did something on the desk."""
    return desk.act(turn, turn.incoming.act) if turn.incoming.act else None


def given_back_by_buyer(turn: Turn) -> Decision | None:
    """A buyer who waits for a person may go back to the bot."""
    choice, command = turn.incoming.choice, turn.incoming.command
    tapped_back = choice is not None and (choice.slot, choice.value) == (BACK.slot, BACK.value)
    asked = tapped_back or (command is not None and command.name == "cancel")
    if turn.conversation.holder is not Holder.QUEUED or not asked:
        return None
    freed = replace(turn.conversation, holder=Holder.BOT, flag=None)
    return Decision(freed, (WITH_THE_BOT(),))


def held_by_people(turn: Turn) -> Decision | None:
    """While people hold the conversation the bot is silent and shows them what the buyer says."""
    if turn.conversation.holder is Holder.BOT:
        return None
    heard = turn.incoming
    line = desk.BUYER_SAYS(text=turn.meaning.text, name=turn.conversation.name, attachments=heard.attachments)
    done = tapped(turn) if _takes_back(turn) else None
    return replace(done, says=(*done.says, line)) if done else Decision(turn.conversation, (line,))


def _takes_back(turn: Turn) -> bool:
    """The buyer's own right does not wait for people: a button that revokes, and its question, always work."""
    choice, talk = turn.incoming.choice, turn.conversation.talk
    if choice is None:
        return False
    return choice.value.startswith("revoke_refund ") or (talk is not None and choice.token == talk.token)
