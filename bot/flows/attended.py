"""Who looks after a conversation, and until when: the lease of the agent who holds it, and the buyer's time of waiting."""

from __future__ import annotations

from datetime import datetime

from bot.domain.changed import replace
from bot.domain.conversation import Holder
from bot.domain.decision import Audience, Decision
from bot.domain.turn import Turn
from bot.domain.watch import Watch
from bot.flows.desk import NOTE, SNOOZE
from bot.flows.desk_replies import AGENT_SAYS
from bot.understanding.closing import asks_something, thanks_too


def attended(turn: Turn, decision: Decision) -> Decision:
    """The decision, with the clocks of the conversation as it leaves it; a draft is over when somebody speaks."""
    conversation = decision.conversation
    if conversation.holder is Holder.BOT or _buyer_spoke(turn, decision) or _buyer_told(decision):
        conversation = replace(conversation, draft=None)
    if conversation.holder is Holder.BOT:
        return replace(decision, conversation=replace(conversation, watch=Watch()))
    watch = _waiting(turn, decision, _awake(turn, decision))
    lease = None if watch.snoozed_until else _lease(turn, decision)
    held = conversation.holder is Holder.AGENT
    watch = replace(watch, meant_for="") if held else watch
    open_ = replace(watch, lease_until=lease).opened(turn.now, turn.policy.attendance, turn.policy.shop)
    return replace(decision, conversation=replace(conversation, watch=open_))


def _buyer_spoke(turn: Turn, decision: Decision) -> bool:
    """The agents get to read something because of what the buyer did."""
    return turn.from_buyer and any(say.to is Audience.DESK for say in decision.says)


def _buyer_told(decision: Decision) -> bool:
    return any(say.to is Audience.BUYER for say in decision.says)


def _awake(turn: Turn, decision: Decision) -> Watch:
    """What was put aside is over when the buyer speaks, its agent does something else in it, or they no longer hold it."""
    conversation, act = decision.conversation, turn.incoming.act
    sleeps = act is not None and (act.act in (NOTE, SNOOZE) or act.then.startswith(SNOOZE))
    acts = act is not None and act.agent == conversation.agent and not sleeps
    if conversation.holder is Holder.AGENT and not acts and not _buyer_spoke(turn, decision):
        return conversation.watch
    return conversation.watch.woken(turn.now, turn.policy.attendance, turn.policy.shop)


def _lease(turn: Turn, decision: Decision) -> datetime | None:
    """Whatever the agent who holds it does renews it. Who holds it has one, also where none was given before."""
    before, after = turn.conversation, decision.conversation
    if after.holder is not Holder.AGENT:
        return None
    act, until = turn.incoming.act, after.watch.lease_until
    same = (before.holder, before.agent) == (after.holder, after.agent)
    runs = until is not None and (until > turn.now or turn.incoming.clock is not None)
    if same and runs and not (act and act.agent == after.agent):
        return until
    return turn.policy.attendance.lease_from(turn.now)


def _waiting(turn: Turn, decision: Decision, watch: Watch) -> Watch:
    answers = (str(say.values["text"]) for say in decision.says if say.reply == AGENT_SAYS.name)
    if (answer := next(answers, None)) is not None:
        return watch.told(asks=asks_something(answer))
    before, after = turn.conversation, decision.conversation
    queued = after.holder is Holder.QUEUED and before.holder is not Holder.QUEUED
    called = turn.from_buyer and after.flag is not None and after.flag != before.flag
    spoke = _buyer_spoke(turn, decision) and not _buyer_told(decision) and not _expects_nothing(turn)
    if queued or called or spoke:
        return watch.asked(turn.now, turn.policy.attendance, turn.policy.shop)
    return watch


def _expects_nothing(turn: Turn) -> bool:
    """Thanks and a farewell; and a yes or a no, but for an answer to what the agent asked."""
    said, watch = turn.meaning.intent, turn.conversation.watch
    if not watch.answered:
        return False
    if said in ("thanks", "goodbye"):
        return True
    return said in ("affirm", "deny") and (not watch.asks or thanks_too(turn.meaning.text))
