"""An agent says that they are here, or away."""

from __future__ import annotations

from bot.domain.decision import Audience, ComeOrGo, Decision
from bot.domain.messages import AgentAct
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn

HERE = reply("desk/here", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
AWAY = reply("desk/away", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
NEEDS_ACCOUNT = reply("desk/needs_account", tone=Tone.PLAIN, to=Audience.DESK, agent=str)

REPLIES = (HERE, AWAY, NEEDS_ACCOUNT)

DUTY_ACTS = ("here", "away")


def come_or_go(turn: Turn, done: AgentAct) -> Decision:
    """Only who has an account can be given anything; what they hold goes to others by the router."""
    actor, here = turn.facts.actor, done.act == "here"
    if actor is None:
        return Decision(turn.conversation, (NEEDS_ACCOUNT(agent=done.agent),))
    words = HERE(agent=actor.name) if here else AWAY(agent=actor.name)
    return Decision(turn.conversation, (words,), (ComeOrGo(actor.id, here),))
