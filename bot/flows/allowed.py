"""Whether who acts may: their account is looked up, nothing is taken from a button's or a page's word."""

from __future__ import annotations

from bot.domain.cases import Event, Role
from bot.domain.decision import Audience, Say
from bot.domain.messages import AgentAct
from bot.domain.replies import Tone, reply
from bot.domain.staff import Right, Staff
from bot.domain.transitions import TRANSITIONS
from bot.domain.turn import Turn

NOT_ALLOWED = reply("desk/not_allowed", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
NO_ACCOUNT = reply("desk/no_account", tone=Tone.PLAIN, to=Audience.DESK, agent=str, telegram=str)
NAME_TAKEN = reply("desk/name_taken", tone=Tone.PLAIN, to=Audience.DESK, agent=str, telegram=str)

MEDIATOR_RULES = reply(
    "desk/mediator_rules", tone=Tone.PLAIN, to=Audience.DESK, agent=str, mediators=tuple[str, ...]
)

REPLIES = (NOT_ALLOWED, NO_ACCOUNT, NAME_TAKEN, MEDIATOR_RULES)

RULINGS = frozenset({Event.RULE_FOR_BUYER.value, Event.RULE_FOR_SELLER.value, Event.RULE_SPLIT.value})
"""A mediator's alone, and the owner's, where a mediator has an account; where none has, an agent enters what was ruled
elsewhere."""
_MEDIATORS = frozenset(row.event.value for row in TRANSITIONS if Role.MEDIATOR in row.by)
"""What a mediator may do."""
_TELEGRAM, _CONSOLE = "telegram:", "console:"


def forbidden(turn: Turn, done: AgentAct) -> Say | None:
    """What who acts is told; None when they may."""
    actor, account = turn.facts.actor, turn.incoming.account
    telegram = account.partition(_TELEGRAM)[2]
    if actor is None and turn.facts.namesake:
        return NAME_TAKEN(agent=done.agent, telegram=telegram)
    if actor is None:
        in_group = account.startswith((_TELEGRAM, "group:")) and not turn.policy.authority.group_acts
        nobody = in_group or account.startswith("staff:")
        if nobody:
            return NO_ACCOUNT(agent=done.agent, telegram=telegram)
        return _for_the_mediator(turn, done, None)
    if not (actor.may(Right.SERVE) or (actor.may(Right.RULE) and done.act in _MEDIATORS)):
        return NOT_ALLOWED(agent=actor.name)
    return _for_the_mediator(turn, done, actor)


def _for_the_mediator(turn: Turn, done: AgentAct, actor: Staff | None) -> Say | None:
    """The shop is a party to the dispute: it does not rule while somebody is there who does."""
    mediators = turn.facts.mediators
    if done.act not in RULINGS or not mediators or turn.incoming.account.startswith(_CONSOLE):
        return None
    if actor and (actor.may(Right.RULE) or actor.may(Right.PEOPLE)):
        return None
    return MEDIATOR_RULES(agent=done.agent, mediators=mediators)
