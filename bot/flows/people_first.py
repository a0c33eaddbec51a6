"""The shop wishes that people answer: always while it is open, or where the bot would have to ask what is meant."""

from __future__ import annotations

from bot.domain.conversation import FlagReason, Holder
from bot.domain.decision import Decision, LinkOrder
from bot.domain.replies import Tone
from bot.domain.turn import Turn
from bot.domain.watch import Mode
from bot.flows.handoff import flag, for_who_waits, in_line

PEOPLE_FIRST = for_who_waits("escalate/people_first", Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE)

REPLIES = (PEOPLE_FIRST,)


def people_first(turn: Turn, decision: Decision, *, unsure: bool) -> Decision | None:
    """The conversation in the queue instead of what the bot decided; None where the bot goes on, as with all that is the
    buyer's own right: what does something is done, whoever answers."""
    mode, talk = turn.policy.attendance.mode, turn.conversation.talk
    wished = mode is Mode.HUMAN_FIRST or (mode is Mode.MIXED and unsure)
    nobody = turn.policy.shop.opens_next(turn.now) is not None
    goes_on = turn.conversation.by_bot or (talk is not None and bool(talk.asking) and not unsure)
    does = any(not isinstance(effect, LinkOrder) for effect in decision.effects)
    bots = {turn.conversation.holder, decision.conversation.holder} == {Holder.BOT}
    if not wished or nobody or goes_on or does or not bots or not turn.from_buyer:
        return None
    reason = FlagReason.UNSURE if mode is Mode.MIXED else FlagReason.PEOPLE_FIRST
    proven = tuple(effect for effect in decision.effects if isinstance(effect, LinkOrder))
    return flag(turn, reason, in_line(turn, PEOPLE_FIRST), effects=proven)
