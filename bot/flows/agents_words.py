"""What an agent gives with an act: a reason, a waybill, an amount, a judgement, read out of the one line they typed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Act, Case, Change, Event, Responsibility
from bot.domain.machine import needs
from bot.domain.messages import AgentAct
from bot.domain.money import Money
from bot.domain.transitions import Needs
from bot.domain.turn import Turn
from bot.errors import MoneyError
from bot.understanding.slots.amount import leading_amount

_SPAN = re.compile(r"(\d{1,3})\s*([mhd])", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=30)


def span_of(words: str) -> timedelta | None:
    """``30m``, ``2h`` or ``3d``: how long, up to thirty days; None when it is none of these."""
    found = _SPAN.fullmatch(words.strip())
    span = timedelta(**{_UNITS[found[2].lower()]: int(found[1])}) if found else timedelta(0)
    return span if timedelta(0) < span <= _LONGEST else None


AFTERWARDS = ("close", "release", "snooze 2h", "transfer", "transfer NAME", "offer 20")
"""What may follow an agent's line at once, by way of example."""


def follows(words: str) -> bool:
    """True for something that may follow an agent's line: the conversation ends, waits, goes to a colleague; an offer is made."""
    act, _, about = words.strip().partition(" ")
    match act:
        case "close" | "release":
            return not about
        case "snooze":
            return span_of(about) is not None
        case "transfer":
            return True
        case Event.OFFER:
            return leading_amount(about.strip()) is not None
    return False


def given(turn: Turn, case: Case, done: AgentAct, event: Event) -> Act | None:
    """The act with all that it needs; None when the words do not hold it."""
    act = Act(
        event,
        turn.case_role,
        turn.now,
        who=done.agent,
        account=turn.incoming.account,
        why=done.text.strip(),
        evidence=turn.incoming.attachments,
        seen=done.version or None,
    )
    return worded(act, case)


def worded(act: Act, case: Case) -> Act | None:
    """The act with what its words hold; None when they lack what it needs. Raises `IllegalMove` when it is not possible."""
    wanted, words = needs(case, act.event, act.by), act.why
    if Needs.WAYBILL in wanted:
        return replace(act, waybill=words, why="") if words else None
    if Needs.AMOUNT in wanted:
        return _with_amount(act, case, words)
    if Needs.CHANGE in wanted:
        return _judged(act, words)
    lacking = (Needs.WHY in wanted and not words) or (Needs.EVIDENCE in wanted and not act.evidence)
    return None if lacking else act


def _with_amount(act: Act, case: Case, words: str) -> Act | None:
    """``20``, ``¥20.50 for the scratch``: an amount, and what the buyer is told with it."""
    found = leading_amount(words)
    if found is None:
        return None
    try:
        amount = Money.of(found[0], case.amount.currency)
    except MoneyError:
        return None
    return replace(act, amount=amount, why=found[1]) if amount else None


def _judged(act: Act, words: str) -> Act | None:
    """Whose fault it is, by the codes of the field: seller, carrier, buyer; and why."""
    code, _, why = words.partition(" ")
    if code.lower() not in Responsibility.__members__.values():
        return None
    return replace(act, change=Change(responsibility=Responsibility(code.lower())), why=why.strip())
