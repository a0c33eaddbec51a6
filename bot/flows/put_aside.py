"""A question that nobody answered: after some hours the next message is read afresh, and what was collected offered again."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.conversation import Holder, Standing
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT, case_moves
from bot.flows.expected import OFFER_MADE
from bot.flows.flow import UNASKED, is_forgotten
from bot.flows.running import interrupts, offer_to_go_on


def put_aside(turn: Turn) -> Turn:
    """The turn without the question that its words do not answer: one that was forgotten, or that nobody asked for."""
    talk, said = turn.conversation.talk, turn.incoming
    if talk is None or not talk.asking or not turn.from_buyer or said.choice or said.command:
        return turn
    flow = BY_INTENT[talk.flow]
    if talk.flow in UNASKED:
        return turn if flow.reads[talk.asking](turn) is not None else turn.with_talk(None)
    if not is_forgotten(turn) or turn.conversation.holder is not Holder.BOT:
        return turn
    parked = replace(talk, standing=Standing.ASKED)
    return turn.with_conversation(replace(turn.conversation, talk=None, parked=parked))


def answers_long_ago(turn: Turn) -> Decision | None:
    """What would have answered the forgotten question, and is nothing else: "shall we go on with it?" """
    parked = turn.conversation.parked
    aside = parked is not None and turn.conversation.talk is None and parked.standing is Standing.ASKED
    of_offer = turn.conversation.last == OFFER_MADE and "yes_no" in turn.meaning.slots
    if parked is None or not aside or not parked.asking or of_offer:
        return None
    flow, before = BY_INTENT[parked.flow], turn.with_talk(parked)
    if flow.reads[parked.asking](before) is None or interrupts(before, flow):
        return None
    return offer_to_go_on(Decision(turn.conversation))


def offered_again(before: Turn, turn: Turn, decision: Decision) -> Decision:
    """Once, after whatever the message was about: the matter that was put aside for being forgotten."""
    forgotten = before.conversation.talk is not None and turn.conversation.talk is None
    after = decision.conversation
    left = after.parked is not None and after.parked.standing is Standing.ASKED and after.talk is None
    if not forgotten or not left or decision.wants or not decision.says or after.holder is not Holder.BOT:
        return decision
    return offer_to_go_on(decision)


def behind_an_offer(decision: Decision) -> Decision:
    """An offer that the shop makes while something is being asked: the next yes is to the offer, and the question is put
    aside until then."""
    talk = decision.conversation.talk
    offered = any(said.reply == case_moves.OFFERED.name for said in decision.says)
    if talk is None or talk.asking in ("", "accept") or not offered:
        return decision
    aside = replace(decision.conversation, talk=None, parked=replace(talk, standing=Standing.ASKED))
    return replace(decision, conversation=aside)


def dated(turn: Turn, decision: Decision) -> Decision:
    """The decision with the moment at which the open question was put."""
    after = decision.conversation
    offered = after.parked is not None and after.parked.standing is Standing.OFFERED
    asks = (after.talk is not None and bool(after.talk.asking)) or offered
    if not asks:
        kept = after.asked_at if after.parked or after.left else None
        return replace(decision, conversation=replace(after, asked_at=kept))
    fresh = turn.from_buyer or after.talk != turn.conversation.talk or after.asked_at is None
    return replace(decision, conversation=replace(after, asked_at=turn.now)) if fresh else decision
