"""Something else instead (换货): the application, and whether what was sent anew is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.cases import Act, Case, Event, Role
from bot.domain.conversation import Talk
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application_answers import own_words
from bot.flows.flow import Flow, ask, finish
from bot.flows.handoff import new_case
from bot.flows.remedies import remedy

WHY = reply("exchange_goods/why", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
ON_ITS_WAY = reply(
    "exchange_goods/on_its_way", "received", "not_right", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case
)
MOVED_ON = reply(
    "exchange_goods/moved_on", "received", "not_right", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case
)
INSTEAD = reply(
    "exchange_goods/instead",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    wanted=str,
    minutes=int,
    back_at=datetime | None,
)


def arrived(turn: Turn) -> Decision | None:
    """What was sent anew has come: it is right, and the matter is closed; or it is not, and why is asked."""
    case, answer = turn.facts.case(turn.slot("case")), turn.slot("arrived")
    if case is None or not answer:
        return None
    if Event.CONFIRM_RECEIPT not in case_moves.open_to_buyer(case):
        return _moved_on(case, turn)
    if answer == "later":
        buttons = case_moves.ways_on(case, ON_ITS_WAY)
        return finish(turn, ON_ITS_WAY(case=case, buttons=buttons))
    if answer == "no" and not turn.slot("why"):
        return ask(turn.with_talk(turn.talk.fill(tapped=turn.incoming.text)), "why", WHY(case=case))
    return _carried_out(turn, case)


def _carried_out(turn: Turn, case: Case) -> Decision:
    right = turn.slot("arrived") == "yes"
    act = Act(
        Event.CONFIRM_RECEIPT if right else Event.REJECT_GOODS,
        Role.BUYER,
        turn.now,
        why=turn.slot("why"),
        evidence=turn.talk.attachments,
        seen=int(turn.slot("seen")) if turn.slot("seen") else None,
    )
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return _moved_on(case, turn)
    news = () if right else (new_case(outcome.case),)
    says = (*case_moves.told(turn, outcome), *news)
    return finish(turn, *says, effects=case_moves.effects(turn, outcome))


def not_right_by_tap(turn: Turn, case: Case) -> Decision | None:
    """Who tapped that it isn't right and never said why has not received what they wanted: the deadline takes the request up
    again instead of closing it."""
    conversation = turn.conversation
    talk = next(
        (one for one in (conversation.talk, conversation.parked) if one and _says_no(one, case)), None
    )
    if talk is None or Event.REJECT_GOODS not in case_moves.open_to_buyer(case):
        return None
    others = conversation.parked if talk is conversation.talk else None
    left = turn.with_conversation(replace(conversation, parked=others))
    return _carried_out(left.with_talk(talk.fill(why=talk.slots["tapped"])), case)


def _says_no(talk: Talk, case: Case) -> bool:
    slots = talk.slots
    return talk.flow == FLOW.intent and slots.get("case") == case.number and bool(slots.get("tapped"))


def _moved_on(case: Case, turn: Turn) -> Decision:
    return finish(turn, MOVED_ON(case=case, buttons=case_moves.ways_on(case, MOVED_ON)))


def read_why(turn: Turn) -> str | None:
    """What is wrong with it, in the buyer's words."""
    return own_words(turn) or None


FLOW = remedy(
    "exchange_goods",
    arrived,
    own=Flow(
        "exchange_goods",
        (),
        replies=(WHY, ON_ITS_WAY, MOVED_ON, INSTEAD),
        starts=frozenset({"case", "seen", "arrived"}),
        free=frozenset({"why"}),
        reads={"why": read_why},
    ),
)
