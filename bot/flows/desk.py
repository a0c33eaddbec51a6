"""What an agent does in a conversation: hold it, speak in it, decide its cases, give it back."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Case, Event, Role, move
from bot.domain.conversation import Conversation, Holder
from bot.domain.decision import Audience, Decision
from bot.domain.messages import AgentAct
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import IllegalMove, StaleVersion
from bot.flows import case_moves
from bot.flows.escalate import RELEASED

AGENT_SAYS = reply("desk/agent_says", tone=Tone.PLAIN, text=str, agent=str)
BUYER_SAYS = reply("desk/buyer_says", tone=Tone.PLAIN, to=Audience.DESK, text=str, name=str)
CLAIMED = reply("desk/claimed", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
GIVEN_BACK = reply("desk/given_back", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
MOVED = reply("desk/moved", tone=Tone.PLAIN, to=Audience.DESK, case=Case, agent=str, event=Event)
NO_SUCH_CASE = reply("desk/no_such_case", tone=Tone.PLAIN, to=Audience.DESK, number=str)
NOT_POSSIBLE = reply("desk/not_possible", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
STALE = reply("desk/stale", tone=Tone.PLAIN, to=Audience.DESK, case=Case)
NEEDS_WHY = reply("desk/needs_why", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
UNKNOWN_ACT = reply("desk/unknown_act", tone=Tone.PLAIN, to=Audience.DESK, text=str)
HELD = reply("desk/held", tone=Tone.PLAIN, to=Audience.DESK, agent=str)

REPLIES = (
    AGENT_SAYS,
    BUYER_SAYS,
    CLAIMED,
    GIVEN_BACK,
    MOVED,
    NO_SUCH_CASE,
    NOT_POSSIBLE,
    STALE,
    NEEDS_WHY,
    UNKNOWN_ACT,
    HELD,
)

CASE_COMMANDS: dict[str, Event] = {
    "agree": Event.AGREE,
    "return": Event.AGREE_RETURN,
    "refuse": Event.REFUSE,
    "intact": Event.GOODS_INTACT,
    "reject": Event.GOODS_REJECTED,
    "waybill": Event.SHIP_BACK,
    "intervene": Event.INTERVENE,
}
"""The agents' typed commands about a case, such as ``/refuse R123 the seal is broken``."""
STAFF_COMMANDS = ("claim", "release", *CASE_COMMANDS)
"""All of the agents' typed commands; worded in ``replies/<lang>/words.yaml``."""

_NEEDS_WHY = frozenset({Event.REFUSE, Event.GOODS_REJECTED, Event.SHIP_BACK})


def act(turn: Turn, done: AgentAct) -> Decision:
    """Carry out what the agent did, or tell the desk why it can't be."""
    if done.act == "say":
        return _say(turn, done)
    if done.act == "claim":
        return _claim(turn, done)
    if done.act == "release":
        return _release(turn, done)
    if done.act == "note":
        return Decision(turn.conversation)
    if done.act in Event.__members__.values():
        return _move(turn, done, Event(done.act))
    return Decision(turn.conversation, (UNKNOWN_ACT(text=done.text or done.act),))


def _say(turn: Turn, done: AgentAct) -> Decision:
    if _held_by_another(turn.conversation, done):
        return Decision(turn.conversation, (HELD(agent=turn.conversation.agent),))
    held = _held(turn.conversation, done.agent)
    line = AGENT_SAYS(text=done.text, agent=done.agent, attachments=turn.incoming.attachments)
    return Decision(held, (line,))


def _claim(turn: Turn, done: AgentAct) -> Decision:
    if _held_by_another(turn.conversation, done):
        return Decision(turn.conversation, (HELD(agent=turn.conversation.agent),))
    return Decision(_held(turn.conversation, done.agent), (CLAIMED(agent=done.agent),))


def _release(turn: Turn, done: AgentAct) -> Decision:
    if turn.conversation.holder is Holder.BOT and turn.conversation.flag is None:
        return Decision(turn.conversation, (GIVEN_BACK(agent=done.agent),))
    spoke = turn.conversation.holder is not Holder.BOT
    freed = replace(turn.conversation, holder=Holder.BOT, agent="", flag=None, misses=0, link_failures=0)
    return Decision(freed, (*((RELEASED(),) if spoke else ()), GIVEN_BACK(agent=done.agent)))


def _move(turn: Turn, done: AgentAct, event: Event) -> Decision:
    case = turn.facts.case(done.case)
    if case is None:
        return Decision(turn.conversation, (NO_SUCH_CASE(number=done.case),))
    if event in _NEEDS_WHY and not done.text.strip():
        return Decision(turn.conversation, (NEEDS_WHY(case=case, event=event),))
    try:
        moved, entry = move(
            case,
            event,
            Role.AGENT,
            turn.now,
            turn.policy.terms,
            seen=done.version or None,
            who=done.agent,
            why=done.text,
        )
    except StaleVersion:
        return Decision(turn.conversation, (STALE(case=case),))
    except IllegalMove:
        return Decision(turn.conversation, (NOT_POSSIBLE(case=case, event=event),))
    says = (*case_moves.told(turn, moved, entry), MOVED(case=moved, agent=done.agent, event=event))
    return Decision(turn.conversation, says, case_moves.effects(moved, entry))


def _held_by_another(conversation: Conversation, done: AgentAct) -> bool:
    return conversation.holder is Holder.AGENT and conversation.agent != done.agent


def _held(conversation: Conversation, agent: str) -> Conversation:
    """In this agent's hands; what the bot was asking is dropped, the agent has taken over."""
    return replace(conversation, holder=Holder.AGENT, agent=agent, talk=None, parked=None, misses=0)
