"""What an agent does in a conversation: hold it, speak in it, decide its cases, give it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.authority import Level
from bot.domain.cases import Case, Event
from bot.domain.conversation import Conversation, FlagReason, Holder, Priority
from bot.domain.decision import Audience, Decision, Say
from bot.domain.machine import needs, possible
from bot.domain.manner import Manner
from bot.domain.messages import AgentAct, Button
from bot.domain.refunds import RefundEvent
from bot.domain.replies import Reply, Tone, reply
from bot.domain.staff import Right
from bot.domain.transitions import Needs
from bot.domain.turn import Turn
from bot.errors import BeyondAuthority, IllegalMove, TooMuch
from bot.flows import case_moves, payment
from bot.flows.agents_words import follows, given, span_of
from bot.flows.allowed import forbidden
from bot.flows.duty import DUTY_ACTS, come_or_go
from bot.flows.escalate import RELEASED
from bot.flows.expected import OFFER_MADE
from bot.flows.handoff import flag, notify

AGENT_SAYS = reply("desk/agent_says", tone=Tone.PLAIN, text=str, agent=str)
BUYER_SAYS = reply("desk/buyer_says", tone=Tone.PLAIN, to=Audience.DESK, text=str, name=str, edited=bool)
NOTED = reply("desk/note", tone=Tone.PLAIN, to=Audience.DESK, text=str, agent=str)
CLAIMED = reply("desk/claimed", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
GIVEN_BACK = reply("desk/given_back", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
MOVED = reply("desk/moved", tone=Tone.PLAIN, to=Audience.DESK, case=Case, agent=str, event=Event)
CLOSED_FOR_BUYER = reply("escalate/closed", tone=Tone.THANKS | Tone.NEXT_STEP)
CLOSED = reply("desk/closed", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
SNOOZED = reply("desk/snoozed", tone=Tone.PLAIN, to=Audience.DESK, agent=str, until=datetime)
NEEDS_SPAN = reply("desk/needs_span", tone=Tone.PLAIN, to=Audience.DESK)
NO_COLLEAGUE = reply("desk/no_colleague", tone=Tone.PLAIN, to=Audience.DESK, name=str, known=tuple[str, ...])
PASSED_ON = reply("desk/passed_on", tone=Tone.PLAIN, to=Audience.DESK, agent=str, colleague=str)
NO_MACRO = reply("desk/no_macro", tone=Tone.PLAIN, to=Audience.DESK, name=str, known=tuple[str, ...])
DRAFT = reply("desk/draft", "send_draft", tone=Tone.PLAIN, to=Audience.DESK, text=str)
NO_DRAFT = reply("desk/no_draft", tone=Tone.PLAIN, to=Audience.DESK)
NO_SUCH_CASE = reply("desk/no_such_case", tone=Tone.PLAIN, to=Audience.DESK, number=str)
NOT_POSSIBLE = reply("desk/not_possible", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
STALE = reply("desk/stale", tone=Tone.PLAIN, to=Audience.DESK, case=Case)
NEEDS_WHY = reply("desk/needs_why", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
NEEDS_WAYBILL = reply("desk/needs_waybill", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
NEEDS_AMOUNT = reply("desk/needs_amount", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
NEEDS_CHANGE = reply("desk/needs_change", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
NEEDS_EVIDENCE = reply("desk/needs_evidence", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
TOO_MUCH = reply("desk/too_much", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event)
BEYOND = reply("desk/beyond", tone=Tone.PLAIN, to=Audience.DESK, case=Case, event=Event, level=Level)
UNKNOWN_ACT = reply("desk/unknown_act", tone=Tone.PLAIN, to=Audience.DESK, text=str)
CLAIM_FIRST = reply("desk/claim_first", tone=Tone.PLAIN, to=Audience.DESK)
HELD = reply("desk/held", tone=Tone.PLAIN, to=Audience.DESK, agent=str)

REPLIES = (
    AGENT_SAYS,
    BUYER_SAYS,
    NOTED,
    CLAIMED,
    GIVEN_BACK,
    CLOSED_FOR_BUYER,
    CLOSED,
    SNOOZED,
    NEEDS_SPAN,
    PASSED_ON,
    NO_COLLEAGUE,
    NO_MACRO,
    DRAFT,
    NO_DRAFT,
    MOVED,
    NO_SUCH_CASE,
    NOT_POSSIBLE,
    STALE,
    NEEDS_WHY,
    NEEDS_WAYBILL,
    NEEDS_AMOUNT,
    NEEDS_CHANGE,
    NEEDS_EVIDENCE,
    TOO_MUCH,
    BEYOND,
    UNKNOWN_ACT,
    CLAIM_FIRST,
    HELD,
)

NEEDS: Mapping[Needs, Reply] = {
    Needs.WHY: NEEDS_WHY,
    Needs.WAYBILL: NEEDS_WAYBILL,
    Needs.AMOUNT: NEEDS_AMOUNT,
    Needs.CHANGE: NEEDS_CHANGE,
    Needs.EVIDENCE: NEEDS_EVIDENCE,
}
"""What is said to an agent whose act lacks something."""

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
        return Decision(turn.conversation, (NO_MACRO(name=done.text.strip(), known=turn.facts.macros),))
    if holds := _HOLDING.get(done.act):
        anothers = done.act != "release" and _held_by_another(turn.conversation, done)
        held = Decision(turn.conversation, (HELD(agent=turn.conversation.agent),))
        return held if anothers else holds(turn, done)
    if done.act in DUTY_ACTS:
        return come_or_go(turn, done)
    if done.act in Event.__members__.values():
        return _move(turn, done, Event(done.act))
    if done.act in RefundEvent.__members__.values():
        return payment.act(turn, done, RefundEvent(done.act))
    return Decision(turn.conversation, (UNKNOWN_ACT(text=done.text or done.act),))


def _note(turn: Turn, done: AgentAct) -> Decision:
    """For the other agents, whoever holds the conversation: the buyer never reads it, and no clock heeds it."""
    files = turn.incoming.attachments
    if not done.text and not files:
        return Decision(turn.conversation)
    return Decision(turn.conversation, (NOTED(text=done.text, agent=done.agent, attachments=files),))


def _say(turn: Turn, done: AgentAct) -> Decision:
    held = _held(turn.conversation, done.agent)
    line = AGENT_SAYS(text=done.text, agent=done.agent, attachments=turn.incoming.attachments)
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
        return Decision(conversation, (NO_DRAFT(),))
    line = AGENT_SAYS(text=conversation.draft.text, agent=done.agent)
    return Decision(_held(conversation, done.agent), (line,))


def draft(text: str, id_: str) -> Say:
    """The post that shows agents a draft, with the button that sends it."""
    shown = DRAFT(text=text, buttons=(Button("act", f"{SEND_DRAFT}:{id_}:0", SEND_DRAFT),), token="desk")
    return replace(shown, manner=Manner(slot="draft"))


def _claim(turn: Turn, done: AgentAct) -> Decision:
    return Decision(_held(turn.conversation, done.agent), (CLAIMED(agent=done.agent),))


def _release(turn: Turn, done: AgentAct) -> Decision:
    if turn.conversation.holder is Holder.BOT and turn.conversation.flag is None:
        return Decision(turn.conversation, (GIVEN_BACK(agent=done.agent),))
    spoke = turn.conversation.holder is not Holder.BOT
    told = (RELEASED(),) if spoke else ()
    freed = replace(given_back(turn.conversation), by_bot=True)  # also where people answer first
    return Decision(freed, (*told, GIVEN_BACK(agent=done.agent)))


def _close(turn: Turn, done: AgentAct) -> Decision:
    """Nothing is left to do: what was under way before is not taken up again."""
    over = replace(given_back(turn.conversation), talk=None, parked=None)
    told = (CLOSED_FOR_BUYER(),) if turn.conversation.holder is not Holder.BOT else ()
    return Decision(over, (*told, CLOSED(agent=done.agent)))


def _snooze(turn: Turn, done: AgentAct) -> Decision:
    """Put aside for a while; it stays the agent's."""
    span = span_of(done.text)
    if span is None:
        return Decision(turn.conversation, (NEEDS_SPAN(),))
    held, until = _held(turn.conversation, done.agent), turn.now + span
    aside = replace(held, watch=held.watch.snoozed(until))
    return Decision(aside, (SNOOZED(agent=done.agent, until=until),))


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
        return Decision(turn.conversation, (NO_COLLEAGUE(name=wanted, known=names),))
    words = PASSED_ON(agent=done.agent, colleague=colleague)
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
        return Decision(turn.conversation, (NO_SUCH_CASE(number=done.case),))
    if words := _in_the_way(turn, case, done, event):
        return Decision(turn.conversation, (words,))
    act = given(turn, case, done, event)
    if act is None:
        needed = next(iter(sorted(needs(case, event, turn.case_role))), Needs.WHY)
        return Decision(turn.conversation, (NEEDS[needed](case=case, event=event),))
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except TooMuch:
        return Decision(turn.conversation, (TOO_MUCH(case=case, event=event),))
    except BeyondAuthority as error:
        return _for_somebody_higher(turn, case, event, Level(error.lowest))
    except IllegalMove:
        return Decision(turn.conversation, (NOT_POSSIBLE(case=case, event=event),))
    says = (
        *case_moves.told(turn, outcome),
        MOVED(case=outcome.case, agent=done.agent, event=event),
    )
    last = OFFER_MADE if event is Event.OFFER else turn.conversation.last
    return Decision(replace(turn.conversation, last=last), says, case_moves.effects(turn, outcome))


def _in_the_way(turn: Turn, case: Case, done: AgentAct, event: Event) -> Say | None:
    """Why this can't be done as the case stands, whatever comes with it; None when it can."""
    if done.version and done.version != case.version:
        return STALE(case=case)
    if event not in possible(case, turn.case_role):
        return NOT_POSSIBLE(case=case, event=event)
    return case_moves.elsewhere(turn, case)


def _for_somebody_higher(turn: Turn, case: Case, event: Event, level: Level) -> Decision:
    """Nothing moves; whoever may grant it is called."""
    words = BEYOND(case=case, event=event, level=level)
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
    return replace(conversation, holder=Holder.AGENT, agent=agent, talk=None, parked=None, misses=0)
