"""Handing a conversation to a person, with everything already collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.cases import Case, Event, Reason, Role
from bot.domain.collected import Collected
from bot.domain.conversation import Conversation, Flag, FlagReason, Holder, Priority, Standing, Talk
from bot.domain.decision import Audience, Decision, Effect, Say
from bot.domain.machine import needs, possible
from bot.domain.messages import Attachment, Button
from bot.domain.orders import Order
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.flows.moods import urgency
from bot.flows.taps import ANY, OTHER

CARD = reply(
    "desk/card",
    "claim",
    "release",
    *(event.value for event in (Event.AGREE, Event.AGREE_RETURN, Event.RETURN_SIGNED, Event.GOODS_INTACT)),
    *(event.value for event in (Event.PARCEL_LOST, Event.INTERVENE, Event.WITHDRAW)),
    *(event.value for event in (Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER)),
    tone=Tone.PLAIN,
    to=Audience.DESK,
    option={"case": Case},
    conversation=Conversation,
    flag=Flag | None,
    told=tuple[Collected, ...],
    orders=tuple[Order, ...],
    cases=tuple[Case, ...],
)

NEW_CASE = reply(
    "desk/new_case",
    *(event.value for event in (Event.AGREE, Event.AGREE_RETURN)),
    tone=Tone.PLAIN,
    to=Audience.DESK,
    option={"case": Case},
    case=Case,
)

REPLIES = (CARD, NEW_CASE)


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
    post: Say | None = None,
) -> Decision:
    """Ask the agents to look at something while the bot goes on serving the buyer; what was put aside stays so, and so
    does an open question unless it was the buyer who spoke: neither a clock nor an agent's act answers it.

    `post` is what the desk reads where a card of the whole conversation would say less.
    """
    return _flagged(turn, reason, turn.conversation.holder, says, priority, effects, post)


def _flagged(
    turn: Turn,
    reason: FlagReason,
    holder: Holder,
    says: tuple[Say, ...],
    priority: Priority,
    effects: tuple[Effect, ...],
    post: Say | None = None,
) -> Decision:
    before = turn.conversation
    soonest = _higher(priority, urgency(turn))
    mark = _not_later(Flag(reason, soonest, turn.now, turn.incoming.text), before)
    parked = _left(before, reason) if holder is Holder.QUEUED else before.parked
    asked = None if turn.from_buyer or holder is Holder.QUEUED else before.talk
    conversation = replace(
        before,
        holder=holder,
        flag=mark,
        talk=asked,
        parked=parked,
        misses=0,
        waited=0,
        reassured_at=None,
        by_bot=False,
    )
    return Decision(conversation, (*says, post or card(turn, conversation, mark)), effects)


def _left(before: Conversation, reason: FlagReason) -> Talk | None:
    """What was under way, for the buyer who does not wait for a person after all; not what they may not go on with."""
    if reason is FlagReason.LINK_GUESSES:
        return None
    talk = before.talk if before.talk and before.talk.asking else before.parked
    return replace(talk, standing=Standing.LEFT) if talk else None


def _not_later(mark: Flag, before: Conversation) -> Flag:
    """Who is already waiting for a person keeps their place in line, and what made it urgent."""
    if before.flag is None or before.holder is Holder.BOT:
        return mark
    return replace(mark, priority=_higher(mark.priority, before.flag.priority), at=before.flag.at)


def _higher(*priorities: Priority) -> Priority:
    return max(priorities, key=tuple(Priority).index)


BACK = Button("start", "bot", "back")
"""Not to wait for a person any longer."""


def for_who_waits(name: str, tone: Tone, **values: Any) -> Reply:
    """What is said to a buyer who now waits for a person (`in_line`)."""
    return reply(name, "back", tone=tone, position=int, minutes=int, back_at=datetime | None, **values)


def in_line(turn: Turn, words: Reply, **values: Any) -> Say:
    """Words for a buyer who now waits for a person: the place in line, how long, and the way back."""
    return words(position=turn.facts.waiting + 1, **wait(turn), **values, buttons=(BACK,))


def wait(turn: Turn) -> dict[str, Any]:
    """How long a person takes to answer, and when someone is back if nobody is there now."""
    return {"minutes": turn.policy.agent_minutes, "back_at": turn.policy.shop.opens_next(turn.now)}


def card(turn: Turn, conversation: Conversation, mark: Flag | None) -> Say:
    """The post that opens an agent's view of the conversation, with the files that came before anybody looked."""
    cases = tuple(case for case in turn.facts.cases if case.open)
    talks = tuple(talk for talk in (turn.conversation.talk, turn.conversation.parked) if talk)
    return CARD(
        conversation=conversation,
        flag=mark,
        told=tuple(_collected(turn, talk) for talk in talks if talk.slots or talk.flow != "escalate")
        or conversation.told,
        orders=_most_concerned(turn.facts.orders, cases),
        cases=cases,
        buttons=(*_holding(conversation), *(button for case in cases for button in acts(case))),
        token="desk",
        attachments=_files(turn, talks),
    )


def _collected(turn: Turn, talk: Talk) -> Collected:
    slots, guides = talk.slots, turn.facts.guides
    tried = (guides.entry(id_, turn.languages[0]) for id_ in slots.get("tried", "").split())
    order, reason = slots.get("order", ""), slots.get("reason", "")
    return Collected(
        intent=talk.flow,
        order_number=slots.get("order_number", "") or (order if order not in (OTHER, ANY) else ""),
        reason=Reason(reason) if reason in Reason.__members__.values() else None,
        amount=slots.get("amount", ""),
        received=slots.get("received", ""),
        files=len(talk.attachments),
        asked=slots.get("question", ""),
        tried=tuple(entry.title for entry in tried if entry),
    )


def _files(turn: Turn, talks: tuple[Talk, ...]) -> tuple[Attachment, ...]:
    """Those of the talks and of this message, each once."""
    came = (*(file for talk in talks for file in talk.attachments), *turn.incoming.attachments)
    return tuple({file.ref or index: file for index, file in enumerate(came)}.values())


def _most_concerned(orders: tuple[Order, ...], cases: tuple[Case, ...]) -> tuple[Order, ...]:
    """The few orders an agent needs first: those with an open case, then the newest."""
    disputed = {case.order_number for case in cases}
    return tuple(sorted(orders, key=lambda order: order.number not in disputed)[:3])


def acts(case: Case) -> tuple[Button, ...]:
    """A button for each act the table allows an agent now that needs no further words."""
    return tuple(
        Button("act", f"{event.value}:{case.number}:{case.version}", event.value, {"case": case})
        for event in possible(case, Role.AGENT)
        if event.value in CARD.labels and not needs(case, event, Role.AGENT)
    )


def new_case(case: Case) -> Say:
    """The post about an application that waits for an agent, with what may be done at once; nobody is taken out of the
    bot's hands by it."""
    buttons = tuple(button for button in acts(case) if button.label in NEW_CASE.labels)
    return NEW_CASE(case=case, buttons=buttons, token="desk")


def _holding(conversation: Conversation) -> tuple[Button, ...]:
    act = "release" if conversation.holder is Holder.AGENT else "claim"
    return (Button("act", act, act),)
