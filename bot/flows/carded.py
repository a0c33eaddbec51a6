"""What stands on top of a conversation's topic in the staff group: its name, and the card, kept as the conversation is.

The name tells in the list of topics who has it and how urgent it is. The mark is an emoji in front of the name rather than
Telegram's topic icon: it shows in notifications, in the search and in every app, and the fixed set of icons has none for most of
what there is to tell.
"""

from __future__ import annotations

from typing import Any

from bot.domain.cases import Case
from bot.domain.changed import replace
from bot.domain.collected import Collected
from bot.domain.conversation import Conversation, Flag, Holder
from bot.domain.decision import Audience, Decision, MoveCase, OpenCase, Say
from bot.domain.manner import CARD as CARD_SLOT
from bot.domain.manner import Manner, Operation
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import desk_replies, handoff

TOPIC = reply("desk/topic", tone=Tone.PLAIN, to=Audience.DESK, conversation=Conversation)
BELL = reply("desk/bell", tone=Tone.PLAIN, to=Audience.DESK, flag=Flag)

REPLIES = (TOPIC, BELL)

_IN_PLACE = Manner(slot=CARD_SLOT)


def carded(turn: Turn, decision: Decision) -> Decision:
    """The decision, with card and topic as they are to be after it. An edited card makes no sound, so who is called again by it
    hears a bell."""
    before, after = turn.conversation, _after(turn, decision)
    decision = replace(decision, conversation=after)
    if not after.carded:
        return decision
    cases = _cases(turn, decision)
    raised = _raised(decision)
    says = [
        replace(say, manner=_IN_PLACE) if say.reply == handoff.CARD.name else say for say in decision.says
    ]
    if raised and before.carded and after.flag:
        says.append(replace(BELL(flag=after.flag), aside=True))
    if not raised and (not before.carded or _facets(before, turn.facts.cases) != _facets(after, cases)):
        now = replace(turn.with_conversation(after), facts=replace(turn.facts, cases=cases))
        card = replace(handoff.card(now, after, after.flag), manner=_IN_PLACE, aside=True, attachments=())
        says = [card, *says] if not before.carded else [*says, card]
    if not before.carded or _face(before) != _face(after):
        says = _with_topic(after, says)
    return replace(decision, says=tuple(says))


def _after(turn: Turn, decision: Decision) -> Conversation:
    """Closed by its agent, until somebody has it, or the agents get to read of it again."""
    posts = any(say.to is Audience.DESK for say in decision.says)
    closes = any(say.reply == desk_replies.CLOSED.name for say in decision.says)
    after = decision.conversation
    return replace(
        after,
        carded=after.carded or posts,
        closed=closes or (after.closed and not posts and after.holder is Holder.BOT),
        told=_told(turn, decision),
    )


def _told(turn: Turn, decision: Decision) -> tuple[Collected, ...]:
    """What had been told when a person was called stays on the card until the conversation is given back."""
    if raised := _raised(decision):
        told: Any = raised.values["told"]
        return tuple(told) or turn.conversation.told
    after = decision.conversation
    over = after.holder is Holder.BOT and after.flag is None
    return () if over else turn.conversation.told


def _raised(decision: Decision) -> Say | None:
    return next((say for say in decision.says if say.reply == handoff.CARD.name), None)


def _cases(turn: Turn, decision: Decision) -> tuple[Case, ...]:
    """As the decision leaves them, newest first."""
    known = {case.number: case for case in turn.facts.cases}
    moved = (effect.outcome.case for effect in decision.effects if isinstance(effect, OpenCase | MoveCase))
    changed = {case.number: case for case in moved if not case.claim}
    fresh = tuple(case for number, case in changed.items() if number not in known)
    return (*fresh, *(changed.get(number, case) for number, case in known.items()))


def _with_topic(after: Conversation, says: list[Say]) -> list[Say]:
    """The topic is opened before anything is posted in it, and closed behind the last post."""
    manner = Manner(operation=Operation.TOPIC, slot="topic", closed=after.closed)
    topic = replace(TOPIC(conversation=after), manner=manner, aside=True)
    return [*says, topic] if after.closed else [topic, *says]


def _facets(conversation: Conversation, cases: tuple[Case, ...]) -> object:
    """What the card tells that a turn may change."""
    versions = tuple((case.number, case.version) for case in cases if case.open)
    return _face(conversation), conversation.flag, versions


def _face(conversation: Conversation) -> object:
    """What the topic's name tells."""
    return (
        conversation.name,
        conversation.holder,
        conversation.agent,
        conversation.flag and conversation.flag.priority,
        conversation.watch.snoozed_until,
        conversation.closed,
    )
