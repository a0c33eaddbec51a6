"""A buyer who waits for a person, and does not wait any longer: the bot has the conversation again."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Kind
from bot.domain.conversation import Holder
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows.escalate import BACK as WITH_THE_BOT
from bot.flows.handoff import BACK
from bot.flows.running import dropped, offer_to_go_on, start

_REVOKE = "revoke_refund"
_REFUSED = 0.75
"""How sure it must be that a part of the message declines."""


def given_back_by_buyer(turn: Turn) -> Decision | None:
    """A buyer who waits for a person may go back to the bot, by the button, the command or in words."""
    if turn.conversation.holder is not Holder.QUEUED or not _goes_back(turn):
        return None
    freed = replace(turn.conversation, holder=Holder.BOT, flag=None, waited=0, by_bot=True)
    if turn.meaning.intent == _REVOKE:
        return _wish_over(turn.with_conversation(freed))
    decision = Decision(freed, (WITH_THE_BOT(asks=True),))
    return offer_to_go_on(decision) if freed.parked else decision


def _wish_over(turn: Turn) -> Decision:
    """ "Never mind, I'll keep it": what was not sent yet is dropped, what was sent may be taken back."""
    parked = turn.conversation.parked
    if parked and BY_INTENT[parked.flow].undone_by == _REVOKE:
        rest = dropped(turn.with_conversation(replace(turn.conversation, talk=parked, parked=None)))
    elif any(case.open and case.kind is not Kind.PARCEL_INQUIRY for case in turn.facts.cases):
        rest = start(turn, BY_INTENT[_REVOKE])
    else:
        return Decision(turn.conversation, (WITH_THE_BOT(asks=True),))
    return replace(rest, says=(WITH_THE_BOT(asks=False), *rest.says))


def _goes_back(turn: Turn) -> bool:
    choice, command, meaning = turn.incoming.choice, turn.incoming.command, turn.meaning
    if choice is not None:
        return (choice.slot, choice.value) == (BACK.slot, BACK.value)
    if command is not None:
        return command.name == "cancel"
    first = meaning.candidates[0] if meaning.candidates else None
    refused = first is not None and first.intent == "escalate" and first.turned
    return refused or bool(meaning.exact & {"bot", "drop"}) or _gives_up(turn)


def _gives_up(turn: Turn) -> bool:
    """ "Never mind", "the bot will do", "never mind, I'll keep it"; to cancel something else is no word about waiting."""
    told, slots = turn.meaning, turn.meaning.slots
    if not slots.keys() & {"bot", "drop"}:
        return False
    if told.intent is None:
        declines = (guess for guess in told.candidates if guess.intent == "deny")
        return "bot" in slots or any(guess.confidence >= _REFUSED for guess in declines)
    keeps = slots.get("wanted") == "yes" or slots.get("do", "keep") == "keep"
    return told.intent == "deny" or (told.intent == _REVOKE and keeps)
