"""What is said at the desk of what agents do, and to the buyer with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.authority import Level
from bot.domain.cases import Case, Event
from bot.domain.decision import Audience
from bot.domain.replies import Reply, Tone, reply
from bot.domain.transitions import Needs

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
