"""Handing a conversation to a person, with everything already collected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.cases import Case, Event, Role, possible
from bot.domain.conversation import Conversation, Flag, FlagReason, Holder, Priority
from bot.domain.decision import Audience, Decision, Effect, Say
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import reply
from bot.domain.turn import Turn

CARD = reply(
    "desk/card",
    "claim",
    "release",
    *(event.value for event in (Event.AGREE, Event.AGREE_RETURN, Event.GOODS_INTACT, Event.INTERVENE)),
    *(event.value for event in (Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER)),
    to=Audience.DESK,
    option={"case": Case},
    conversation=Conversation,
    flag=Flag,
    orders=tuple[Order, ...],
    cases=tuple[Case, ...],
)

REPLIES = (CARD,)


def flag(
    turn: Turn,
    reason: FlagReason,
    *says: Say,
    priority: Priority = Priority.NORMAL,
    effects: tuple[Effect, ...] = (),
) -> Decision:
    """Put the conversation in the agents' queue; from here on the bot is silent."""
    return _flagged(turn, reason, Holder.QUEUED, says, priority, effects)


def notify(
    turn: Turn,
    reason: FlagReason,
    *says: Say,
    priority: Priority = Priority.NORMAL,
    effects: tuple[Effect, ...] = (),
) -> Decision:
    """Ask the agents to look at something while the bot goes on serving the buyer."""
    return _flagged(turn, reason, turn.conversation.holder, says, priority, effects)


def _flagged(
    turn: Turn,
    reason: FlagReason,
    holder: Holder,
    says: tuple[Say, ...],
    priority: Priority,
    effects: tuple[Effect, ...],
) -> Decision:
    mark = Flag(reason, priority, turn.now, turn.incoming.text)
    conversation = replace(turn.conversation, holder=holder, flag=mark, talk=None, parked=None, misses=0)
    return Decision(conversation, (*says, card(turn.with_conversation(conversation), mark)), effects)


def wait(turn: Turn) -> dict[str, Any]:
    """How long a person takes to answer, and when someone is back if nobody is there now."""
    return {"minutes": turn.policy.agent_minutes, "back_at": turn.policy.agents_back(turn.now)}


def card(turn: Turn, mark: Flag) -> Say:
    """The post that opens an agent's view of the conversation."""
    cases = tuple(case for case in turn.facts.cases if case.open)
    return CARD(
        conversation=turn.conversation,
        flag=mark,
        orders=_most_concerned(turn.facts.orders, cases),
        cases=cases,
        buttons=(*_holding(turn.conversation), *(button for case in cases for button in acts(case))),
        token="desk",
    )


def _most_concerned(orders: tuple[Order, ...], cases: tuple[Case, ...]) -> tuple[Order, ...]:
    """The few orders an agent needs first: those with an open case, then the newest."""
    disputed = {case.order_number for case in cases}
    return tuple(sorted(orders, key=lambda order: order.number not in disputed)[:3])


def acts(case: Case) -> tuple[Button, ...]:
    """A button for each act the table allows an agent now that needs no further words."""
    return tuple(
        Button("act", f"{event.value}:{case.number}:{case.version}", event.value, {"case": case})
        for event in possible(case, Role.AGENT)
        if event.value in CARD.labels
    )


def _holding(conversation: Conversation) -> tuple[Button, ...]:
    act = "release" if conversation.holder is Holder.AGENT else "claim"
    return (Button("act", act, act),)
