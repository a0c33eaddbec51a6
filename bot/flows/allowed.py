"""Whether who acts may: their account is looked up, nothing is taken from a button's or a page's word."""

from __future__ import annotations

from bot.domain.cases import Role
from bot.domain.decision import Audience, Say
from bot.domain.messages import AgentAct
from bot.domain.replies import Tone, reply
from bot.domain.staff import Right
from bot.domain.transitions import TRANSITIONS
from bot.domain.turn import Turn

NOT_ALLOWED = reply("desk/not_allowed", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
NO_ACCOUNT = reply("desk/no_account", tone=Tone.PLAIN, to=Audience.DESK, agent=str, telegram=str)
NAME_TAKEN = reply("desk/name_taken", tone=Tone.PLAIN, to=Audience.DESK, agent=str, telegram=str)

REPLIES = (NOT_ALLOWED, NO_ACCOUNT, NAME_TAKEN)

RULINGS = frozenset(row.event.value for row in TRANSITIONS if Role.MEDIATOR in row.by)
"""What a mediator may do."""
_TELEGRAM = "telegram:"


def forbidden(turn: Turn, done: AgentAct) -> Say | None:
    """What who acts is told; None when they may."""
    actor, account = turn.facts.actor, turn.incoming.account
    telegram = account.partition(_TELEGRAM)[2]
    if actor is None and turn.facts.namesake:
        return NAME_TAKEN(agent=done.agent, telegram=telegram)
    if actor is None:
        in_group = account.startswith((_TELEGRAM, "group:")) and not turn.policy.authority.group_acts
        nobody = in_group or account.startswith("staff:")
        return NO_ACCOUNT(agent=done.agent, telegram=telegram) if nobody else None
    may = actor.may(Right.SERVE) or (actor.may(Right.RULE) and done.act in RULINGS)
    return None if may else NOT_ALLOWED(agent=actor.name)
