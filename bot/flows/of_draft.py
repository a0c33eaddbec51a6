"""Asked or told of a request that nobody has sent yet, and where nothing else was applied for: it is of the draft."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Kind
from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows.correcting import correct
from bot.flows.matters import APPLICATIONS
from bot.flows.running import run
from bot.flows.sent_yet import still_unsent
from bot.understanding.figures import figures

_STATUS, _CHANGE = "refund_status", "change_refund"
_LIKELY = 0.4
"""How sure it must be that somebody asks how the request stands, whose draft they are asked to check."""
_MONEY = "request_refund"


def of_draft(turn: Turn) -> Decision | None:
    """ "When does that refund arrive?", at its summary: it is not sent yet. 改成200吧: what is asked for is changed."""
    applied = [case for case in turn.facts.cases if case.kind is not Kind.PARCEL_INQUIRY]
    if turn.incoming.choice or not turn.from_buyer or any(case.open for case in applied):
        return None
    first = next(iter(turn.meaning.candidates), None)
    if first and first.intent == _STATUS and first.confidence >= _LIKELY and not first.turned:
        return _not_sent(turn) if not applied else None
    draft = _draft(turn) if turn.meaning.intent == _CHANGE else None
    if draft is None:
        return None
    parked = None if draft is turn.conversation.parked else turn.conversation.parked
    anew = replace(turn.conversation, talk=replace(draft, standing=Standing.ASKED), parked=parked)
    return _changed(turn.with_conversation(anew))


def _not_sent(turn: Turn) -> Decision | None:
    talk = turn.conversation.talk
    return still_unsent(turn) if talk and talk.flow in APPLICATIONS else None


def _draft(turn: Turn) -> Talk | None:
    """What is under way, or was put aside just now and offered again."""
    talk, parked = turn.conversation.talk, turn.conversation.parked
    if talk is None and parked is not None and parked.standing is Standing.OFFERED:
        talk = parked
    return talk if talk and talk.asking and talk.flow in APPLICATIONS else None


def _changed(turn: Turn) -> Decision:
    """To the amount that is told, or the one number that must be one; else what is to change is asked anew."""
    flow, told = BY_INTENT[turn.talk.flow], turn.meaning.slots
    numbers = figures(turn.meaning.text)
    alone = numbers[0] if len(numbers) == 1 and flow.intent == _MONEY else ""
    if amount := told.get("amount") or alone:
        return correct(turn, flow, {"amount": amount})
    return run(turn.with_talk(turn.talk.drop(told.get("change", ""))), flow)
