"""What a person's act came to, for the audit: who, what, before and after."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import Deed, Outcome
from bot.domain.conversation import Conversation
from bot.domain.decision import Decision, MoveCase, MoveRefund
from bot.domain.turn import Turn
from bot.flows.desk_replies import AGENT_SAYS, CLAIMED, CLOSED, GIVEN_BACK, PASSED_ON
from bot.flows.looking_back import HISTORY, PERSONAL
from bot.flows.taking_back import AGENT_CORRECTS

Facts = dict[str, Any]
_HOLDING = (CLAIMED, GIVEN_BACK, CLOSED, PASSED_ON)
_DONE = frozenset(words.name for words in (AGENT_SAYS, AGENT_CORRECTS, HISTORY, PERSONAL, *_HOLDING))
"""Replies that are what was wished for, though nothing else is different afterwards."""


def deeds_of(turn: Turn, decision: Decision) -> tuple[Deed, ...]:
    """One for an act, none for anything else."""
    act = turn.incoming.act
    if act is None:
        return ()
    before, after = _changed(turn, decision)
    said = any(say.reply in _DONE for say in decision.says)
    done = bool(before or after or said or decision.effects) or act.act == "note"
    return (
        Deed(
            turn.now,
            turn.incoming.account,
            act.agent,
            act.act[:40],
            Outcome.DONE if done else Outcome.REFUSED,
            turn.conversation.id,
            act.case[:120],
            before,
            after,
        ),
    )


def _changed(turn: Turn, decision: Decision) -> tuple[Facts, Facts]:
    """What is different afterwards: as it was, and as it is."""
    before, after = _conversation(turn.conversation), _conversation(decision.conversation)
    for effect in decision.effects:
        if isinstance(effect, MoveCase):
            case, entry = effect.outcome.case, effect.outcome.entry
            was = turn.facts.case(case.number)
            before |= {"state": entry.start.value if entry.start else "", "case_amount": _sum(was)}
            after |= {"state": entry.end.value, "case_amount": _sum(case)}
        if isinstance(effect, MoveRefund):
            before |= {"payment": effect.line.start.value if effect.line.start else ""}
            after |= {"payment": effect.line.end.value, "amount": str(effect.refund.amount)}
    different = {key for key in before | after if before.get(key) != after.get(key)}
    return (
        {key: value for key, value in before.items() if key in different},
        {key: value for key, value in after.items() if key in different},
    )


def _conversation(conversation: Conversation) -> Facts:
    aside = conversation.watch.snoozed_until
    return {
        "holder": conversation.holder.value,
        "agent": conversation.agent,
        "flag": conversation.flag.reason.value if conversation.flag else "",
        "snoozed_until": aside.isoformat() if aside else "",
    }


def _sum(case: Any) -> str:
    return str(case.amount) if case and case.amount else ""
