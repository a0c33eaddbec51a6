"""A conversation is given to an agent, or taken from one who is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.conversation import Holder
from bot.domain.decision import Audience, Decision, Give
from bot.domain.replies import Tone, reply
from bot.domain.routing import Route, left_by, next_one
from bot.domain.turn import Turn
from bot.flows.alarms import let_go

GIVEN = reply("desk/given", tone=Tone.PLAIN, to=Audience.DESK, agent=str, name=str)
LEFT = reply("desk/agent_left", tone=Tone.PLAIN, to=Audience.DESK, agent=str, waits=bool)

REPLIES = (GIVEN, LEFT)


def routed(turn: Turn) -> Decision | None:
    """The router's word; by now somebody may have taken it, or come back."""
    clock = turn.incoming.clock
    if clock is None or clock.kind not in Route.__members__.values():
        return None
    return _ROUTES[Route(clock.kind)](turn)


def _given(turn: Turn) -> Decision:
    conversation = turn.conversation
    language = conversation.language or turn.languages[0]
    whose = next_one(turn.facts.colleagues, language, conversation.watch, turn.now, turn.policy.attendance)
    if conversation.holder is not Holder.QUEUED or whose is None:
        return Decision(conversation)
    held = replace(
        conversation, holder=Holder.AGENT, agent=whose.name, talk=None, parked=None, left=None, misses=0
    )
    words = GIVEN(agent=whose.name, name=conversation.name)
    return Decision(held, (words,), (Give(whose.id),))


def _left(turn: Turn) -> Decision:
    conversation = turn.conversation
    if not left_by(conversation, turn.facts.colleagues, turn.now, turn.policy.attendance):
        return Decision(conversation)
    return let_go(turn, LEFT(agent=conversation.agent, waits=conversation.watch.waits_since is not None))


def _retimed(turn: Turn) -> Decision:
    """Nobody is told: what is late by now rings at once."""
    conversation = turn.conversation
    if conversation.holder is Holder.BOT:
        return Decision(conversation)
    watch = conversation.watch.retimed(turn.policy.attendance, turn.policy.shop)
    return Decision(replace(conversation, watch=watch))


_ROUTES: Mapping[Route, Callable[[Turn], Decision]] = {
    Route.GIVE: _given,
    Route.LEFT: _left,
    Route.RECOUNT: _retimed,
}
