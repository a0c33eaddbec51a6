"""While people hold the conversation: the bot is silent, and shows them what the buyer says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.conversation import Conversation, Holder
from bot.domain.decision import Decision
from bot.domain.messages import AgentAct
from bot.domain.turn import Turn
from bot.flows import desk, desk_replies, looking_back, taking_back
from bot.flows.allowed import forbidden
from bot.flows.answering import tapped
from bot.flows.case_answers import offer_answered
from bot.flows.crossing import REACT, reacts
from bot.flows.escalate import STILL_WAITING
from bot.flows.expected import OFFER_MADE
from bot.flows.handoff import BACK, wait
from bot.flows.person_offered import acknowledged
from bot.flows.soothing import moved_up

_ACTS: Mapping[str, Callable[[Turn, AgentAct], Decision]] = {
    **taking_back.ACTS,
    **looking_back.ACTS,
    REACT: reacts,
}
"""Acts that change or tell what was said; all others are the desk's."""
_OFTEN = 5
"""Every so many messages of a buyer who waits, from the second on."""
_LATELY = timedelta(minutes=10)
"""For so long nobody who waits is told once more how long it takes."""
_COURTESY = frozenset({"thanks", "goodbye", "affirm"})
"""What asks nothing of who is waited for."""


def agent_acts(turn: Turn) -> Decision | None:
    """An agent did something on the desk."""
    done = turn.incoming.act
    if done is None:
        return None
    if refused := forbidden(turn, done):
        return Decision(turn.conversation, () if done.act == REACT else (refused,))
    if done.act == "say" and unclaimed(turn):
        return Decision(turn.conversation, (desk_replies.CLAIM_FIRST(),))
    return _ACTS.get(done.act, desk.act)(turn, done)


def unclaimed(turn: Turn) -> bool:
    """Where the owner wishes it, words of an agent who has not claimed the conversation are not for the buyer."""
    wished, conversation = turn.policy.attendance.claim_first, turn.conversation
    return wished and conversation.holder is not Holder.AGENT


def held_by_people(turn: Turn) -> Decision | None:
    """While people hold the conversation the bot is silent and shows them what the buyer says.

    Who still waits hears once in a while that it was heard, how long it takes, and how not to wait.
    """
    if turn.conversation.holder is Holder.BOT:
        return None
    heard = turn.incoming
    line = desk_replies.BUYER_SAYS(
        text=heard.text or turn.meaning.text,
        name=turn.conversation.name,
        edited=heard.edited,
        attachments=heard.attachments,
    )
    waiting = turn.conversation.holder is Holder.QUEUED
    done = tapped(turn) if _by_right(turn) else _offer_answered(turn) if waiting else None
    if done:
        return replace(done, says=(*done.says, line))
    if raised := moved_up(turn):
        just_told = replace(raised.conversation, reassured_at=turn.now)
        return replace(raised, conversation=just_told, says=(*raised.says, line))
    if not waiting:
        return Decision(turn.conversation, (line,))
    waited = _waiting_on(turn)
    if not _to_be_told(turn, waited):
        return Decision(waited, (line,))
    told = replace(waited, reassured_at=turn.now)
    return Decision(told, (STILL_WAITING(**wait(turn), buttons=(BACK,)), line))


def _to_be_told(turn: Turn, waited: Conversation) -> bool:
    """Who asks whether anybody is there, or how long it takes, is told at once; who adds to what they said, once in a while."""
    told_at = waited.reassured_at
    if _courteous(turn) or (told_at and turn.now - told_at < _LATELY):
        return False
    asks = "waits" in turn.meaning.exact or turn.meaning.intent == "greeting"
    return asks or waited.waited % _OFTEN == 2


def _courteous(turn: Turn) -> bool:
    return turn.meaning.intent in _COURTESY or acknowledged(turn)


def _offer_answered(turn: Turn) -> Decision | None:
    """A yes or a no to the offer that was the last thing they heard of the shop."""
    return offer_answered(turn) if turn.conversation.last == OFFER_MADE else None


def _waiting_on(turn: Turn) -> Conversation:
    """One message longer, but for thanks; what they say after it is to the person they wait for, and no answer to an offer."""
    conversation = turn.conversation
    last = "" if conversation.last == OFFER_MADE else conversation.last
    return replace(conversation, waited=conversation.waited + (not _courteous(turn)), last=last)


def _by_right(turn: Turn) -> bool:
    """The buyer's own right does not wait for people: a button that revokes, or takes the shop's offer, and its question
    always work."""
    choice, talk = turn.incoming.choice, turn.conversation.talk
    if choice is None:
        return False
    accepts = choice.value.startswith("partial_refund ") and "accept=yes" in choice.value.split()
    return (
        accepts
        or choice.value.startswith("revoke_refund ")
        or (talk is not None and choice.token == talk.token)
    )
