"""What an agent does in a conversation: hold it, speak in it, decide its cases, give it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.authority import Level
from bot.domain.cases import Case, Event
from bot.domain.conversation import Conversation, FlagReason, Holder, Priority
from bot.domain.decision import Decision, Say
from bot.domain.machine import needs, possible
from bot.domain.manner import Manner
from bot.domain.messages import AgentAct, Button
from bot.domain.refunds import RefundEvent
from bot.domain.staff import Right
from bot.domain.transitions import Needs
from bot.domain.turn import Turn
from bot.errors import BeyondAuthority, IllegalMove, TooMuch
from bot.flows import case_moves, payment
from bot.flows import desk_replies as say
from bot.flows.agents_words import follows, given, span_of
from bot.flows.allowed import forbidden
from bot.flows.duty import DUTY_ACTS, come_or_go
from bot.flows.escalate import RELEASED
from bot.flows.expected import OFFER_MADE
from bot.flows.handoff import flag, notify

CASE_COMMANDS: dict[str, Event] = {
    "agree": Event.AGREE,
    "return": Event.AGREE_RETURN,
    "refuse": Event.REFUSE,
    "intact": Event.GOODS_INTACT,
    "reject": Event.GOODS_REJECTED,
    "waybill": Event.SHIP_BACK,
    "arrived": Event.RETURN_SIGNED,
    "send": Event.SEND_GOODS,
    "offer": Event.OFFER,
    "answer": Event.ANSWER,
    "lost": Event.PARCEL_LOST,
    "evidence": Event.ADD_EVIDENCE,
    "judge": Event.JUDGE,
    "intervene": Event.INTERVENE,
    "withdraw": Event.WITHDRAW,
    "buyer": Event.RULE_FOR_BUYER,
    "seller": Event.RULE_FOR_SELLER,
    "split": Event.RULE_SPLIT,
}
"""The agents' typed commands about a case, such as ``/refuse R123 the seal is broken``."""
NOTE = "note"
MACRO = "macro"
SEND_DRAFT = "send_draft"
SNOOZE = "snooze"
TRANSFER = "transfer"
HOLDING_ACTS = ("claim", "release", "close", SNOOZE, TRANSFER)
"""Acts about who holds the conversation."""
LOOKING_BACK = ("undo", "delete", "history", "show")
"""Acts about what was said before."""
STAFF_COMMANDS = (*HOLDING_ACTS, *DUTY_ACTS, NOTE, MACRO, *LOOKING_BACK, *CASE_COMMANDS)
"""All of the agents' typed commands; worded in ``replies/<lang>/words.yaml``."""


def act(turn: Turn, done: AgentAct) -> Decision:
    """Carry out what the agent did, or tell the desk why it can't be."""
    if refused := forbidden(turn, done):
        return Decision(turn.conversation, (refused,))
    if done.act == NOTE:
        return _note(turn, done)
    if done.act == MACRO:
        return Decision(turn.conversation, (say.NO_MACRO(name=done.text.strip(), known=turn.facts.macros),))
    if holds := _HOLDING.get(done.act):
        anothers = done.act != "release" and _held_by_another(turn.conversation, done)
        held = Decision(turn.conversation, (say.HELD(agent=turn.conversation.agent),))
        return held if anothers else holds(turn, done)
    if done.act in DUTY_ACTS:
        return come_or_go(turn, done)
    if done.act in Event.__members__.values():
        return _move(turn, done, Event(done.act))
    if done.act in RefundEvent.__members__.values():
        return payment.act(turn, done, RefundEvent(done.act))
    return Decision(turn.conversation, (say.UNKNOWN_ACT(text=done.text or done.act),))


def _note(turn: Turn, done: AgentAct) -> Decision:
    """For the other agents, whoever holds the conversation: the buyer never reads it, and no clock heeds it."""
    files = turn.incoming.attachments
    if not done.text and not files:
        return Decision(turn.conversation)
    return Decision(turn.conversation, (say.NOTED(text=done.text, agent=done.agent, attachments=files),))


def _say(turn: Turn, done: AgentAct) -> Decision:
    held = _held(turn.conversation, done.agent)
    line = say.AGENT_SAYS(text=done.text, agent=done.agent, attachments=turn.incoming.attachments)
    if not follows(done.then):
        return Decision(held, (line,))
    after = _afterwards(turn.with_conversation(held), done)
    impossible = done.then.startswith(Event.OFFER) and not after.effects
    return after if impossible else replace(after, says=(line, *after.says))


def _afterwards(turn: Turn, done: AgentAct) -> Decision:
    """What follows the line that is said; words that announce an offer which can't be made are not said."""
    act, _, words = done.then.strip().partition(" ")
    if act == Event.OFFER:
        return _move(turn, replace(done, act=act, version=0, text=words), Event.OFFER)
    return _HOLDING[act](turn, replace(done, act=act, text=words))


def _send_draft(turn: Turn, done: AgentAct) -> Decision:
    """The draft the agent read; one that another took the place of is not sent for it."""
    conversation = turn.conversation
    if conversation.draft is None or conversation.draft.id != done.case:
        return Decision(conversation, (say.NO_DRAFT(),))
    line = say.AGENT_SAYS(text=conversation.draft.text, agent=done.agent)
    return Decision(_held(conversation, done.agent), (line,))


def draft(text: str, id_: str) -> Say:
    """The post that shows agents a draft, with the button that sends it."""
    shown = say.DRAFT(text=text, buttons=(Button("act", f"{SEND_DRAFT}:{id_}:0", SEND_DRAFT),), token="desk")
    return replace(shown, manner=Manner(slot="draft"))


def _claim(turn: Turn, done: AgentAct) -> Decision:
    return Decision(_held(turn.conversation, done.agent), (say.CLAIMED(agent=done.agent),))


def _release(turn: Turn, done: AgentAct) -> Decision:
    if turn.conversation.holder is Holder.BOT and turn.conversation.flag is None:
        return Decision(turn.conversation, (say.GIVEN_BACK(agent=done.agent),))
    spoke = turn.conversation.holder is not Holder.BOT
    told = (RELEASED(),) if spoke else ()
    freed = replace(given_back(turn.conversation), by_bot=True)  # also where people answer first
    return Decision(freed, (*told, say.GIVEN_BACK(agent=done.agent)))


def _close(turn: Turn, done: AgentAct) -> Decision:
    """Nothing is left to do: what was under way before is not taken up again."""
    over = replace(given_back(turn.conversation), talk=None, parked=None, left=None)
    told = (say.CLOSED_FOR_BUYER(),) if turn.conversation.holder is not Holder.BOT else ()
    return Decision(over, (*told, say.CLOSED(agent=done.agent)))


def _snooze(turn: Turn, done: AgentAct) -> Decision:
    """Put aside for a while; it stays the agent's."""
    span = span_of(done.text)
    if span is None:
        return Decision(turn.conversation, (say.NEEDS_SPAN(),))
    held, until = _held(turn.conversation, done.agent), turn.now + span
    aside = replace(held, watch=held.watch.snoozed(until))
    return Decision(aside, (say.SNOOZED(agent=done.agent, until=until),))


def _transfer(turn: Turn, done: AgentAct) -> Decision:
    """Into the queue, for the colleague who is named or whoever takes it; the time the buyer waits runs on."""
    wanted, known = (
        done.text.strip(),
        [one.staff for one in turn.facts.colleagues if one.staff.may(Right.SERVE)],
    )
    named = (staff.name for staff in known if wanted.casefold() in (staff.name.casefold(), staff.login))
    colleague = next(named, wanted)
    if wanted and known and colleague not in {staff.name for staff in known}:
        names = tuple(staff.name for staff in known if staff.name != done.agent)
        return Decision(turn.conversation, (say.NO_COLLEAGUE(name=wanted, known=names),))
    words = say.PASSED_ON(agent=done.agent, colleague=colleague)
    watch = replace(turn.conversation.watch, lapsed=done.agent, meant_for=colleague)
    free = turn.with_conversation(replace(turn.conversation, agent="", watch=watch))
    return flag(free, FlagReason.PASSED_ON, words)


def given_back(conversation: Conversation) -> Conversation:
    """The bot's again; what called a person is over."""
    return replace(
        conversation, holder=Holder.BOT, agent="", flag=None, misses=0, link_failures=0, complaints=0
    )


def _move(turn: Turn, done: AgentAct, event: Event) -> Decision:
    case = turn.facts.case(done.case)
    if case is None:
        return Decision(turn.conversation, (say.NO_SUCH_CASE(number=done.case),))
    if words := _in_the_way(turn, case, done, event):
        return Decision(turn.conversation, (words,))
    act = given(turn, case, done, event)
    if act is None:
        needed = next(iter(sorted(needs(case, event, turn.case_role))), Needs.WHY)
        return Decision(turn.conversation, (say.NEEDS[needed](case=case, event=event),))
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except TooMuch:
        return Decision(turn.conversation, (say.TOO_MUCH(case=case, event=event),))
    except BeyondAuthority as error:
        return _for_somebody_higher(turn, case, event, Level(error.lowest))
    except IllegalMove:
        return Decision(turn.conversation, (say.NOT_POSSIBLE(case=case, event=event),))
    says = (
        *case_moves.told(turn, outcome),
        say.MOVED(case=outcome.case, agent=done.agent, event=event),
    )
    last = OFFER_MADE if event is Event.OFFER else turn.conversation.last
    return Decision(replace(turn.conversation, last=last), says, case_moves.effects(turn, outcome))


def _in_the_way(turn: Turn, case: Case, done: AgentAct, event: Event) -> Say | None:
    """Why this can't be done as the case stands, whatever comes with it; None when it can."""
    if done.version and done.version != case.version:
        return say.STALE(case=case)
    if event not in possible(case, turn.case_role):
        return say.NOT_POSSIBLE(case=case, event=event)
    return case_moves.elsewhere(turn, case)


def _for_somebody_higher(turn: Turn, case: Case, event: Event, level: Level) -> Decision:
    """Nothing moves; whoever may grant it is called."""
    words = say.BEYOND(case=case, event=event, level=level)
    return notify(turn, FlagReason.BEYOND_AUTHORITY, words, priority=Priority.HIGH)


_HOLDING: Mapping[str, Callable[[Turn, AgentAct], Decision]] = {
    "say": _say,
    SEND_DRAFT: _send_draft,
    "claim": _claim,
    "release": _release,
    "close": _close,
    SNOOZE: _snooze,
    TRANSFER: _transfer,
}


def _held_by_another(conversation: Conversation, done: AgentAct) -> bool:
    return conversation.holder is Holder.AGENT and conversation.agent != done.agent


def _held(conversation: Conversation, agent: str) -> Conversation:
    """In this agent's hands; what the bot was asking is dropped, the agent has taken over."""
    return replace(
        conversation, holder=Holder.AGENT, agent=agent, talk=None, parked=None, left=None, misses=0
    )
