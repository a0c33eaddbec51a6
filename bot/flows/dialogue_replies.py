"""What is said between the flows: not understood, interrupted, gone stale."""

from __future__ import annotations

from bot.domain.cases import Case
from bot.domain.money import Money
from bot.domain.options import Option
from bot.domain.replies import Tone, reply
from bot.flows.handoff import for_who_waits
from bot.flows.small_talk import OFFERED

NOT_UNDERSTOOD = reply("talk/not_understood", tone=Tone.APOLOGY)
NOT_SENT_YET = reply("talk/not_sent_yet", "yes", tone=Tone.NEXT_STEP)
GUESS = reply("talk/guess", *OFFERED, tone=Tone.NEXT_STEP)
UNCLEAR = reply("talk/unclear", *OFFERED, tone=Tone.APOLOGY | Tone.NEXT_STEP, asked=bool)
FALLBACK = reply("talk/fallback", *OFFERED, tone=Tone.APOLOGY | Tone.NEXT_STEP)
TWO_MISSES = for_who_waits("talk/two_misses", Tone.APOLOGY | Tone.THANKS | Tone.DEADLINE)
RESUME = reply("talk/resume", "yes", "no", tone=Tone.NEXT_STEP, flow=str)
ALSO = reply("talk/also", "yes", "no", tone=Tone.NEXT_STEP, flow=str, product=str)
ONE_BY_ONE = reply("talk/one_by_one", tone=Tone.PLAIN, first=str, rest=tuple[str, ...])
COMES_NEXT = reply("talk/comes_next", tone=Tone.NEXT_STEP, product=str)
LEFT_OUT = reply("talk/left_out", tone=Tone.PLAIN, product=str)
DROPPED = reply("talk/dropped", "revoke_refund", tone=Tone.NEXT_STEP, flow=str, others=int)
INSTEAD = reply("talk/instead", tone=Tone.PLAIN, product=str, left=str)
WHAT_OF_IT = reply(
    "talk/what_of_it", "track_parcel", "request_refund", "escalate", tone=Tone.NEXT_STEP, product=str
)
NOT_SHOWN = reply(
    "order/not_shown", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, known=bool, details=bool, digits=int
)
OWN_DETAILS = reply("order/own_details", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP)
WHY_PROOF = reply("order/why", "human", tone=Tone.NEXT_STEP, digits=int, number=str)
TAKE_YOUR_TIME = reply("talk/take_your_time", tone=Tone.PLAIN)
STALE_BUTTON = reply("talk/stale_button", *OFFERED, tone=Tone.APOLOGY | Tone.NEXT_STEP)
SENT_ALREADY = reply("talk/sent_already", "revoke_refund", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case)
FILE_ONLY = reply("talk/file_only", *OFFERED, tone=Tone.NEXT_STEP, medium=str)
GOOD_NEWS = reply("talk/good_news", *OFFERED, tone=Tone.NEXT_STEP)
ALL_RIGHT = reply("talk/all_right", "received", "not_right", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
EVIDENCE_ADDED = reply("talk/evidence_added", tone=Tone.THANKS, number=str, count=int)
CONTACT_LINKED_NONE = reply("talk/contact_no_orders", tone=Tone.APOLOGY | Tone.NEXT_STEP)
CONTACT_NOT_OWN = reply("talk/contact_not_own", tone=Tone.APOLOGY | Tone.NEXT_STEP)
WISH_NOTED = reply("talk/wish_noted", tone=Tone.PLAIN, wish=Option, amount=Money | None)
SEND_OR_LEAVE = reply("talk/send_or_leave", "yes", "no", tone=Tone.NEXT_STEP)
WAYS_ON = reply("talk/ways_on", "human", "complaint", tone=Tone.APOLOGY | Tone.NEXT_STEP)
HOLDING = reply("talk/holding", tone=Tone.APOLOGY | Tone.NEXT_STEP)
"""Sent when a turn broke and a person was called."""

REPLIES = (
    NOT_UNDERSTOOD,
    NOT_SENT_YET,
    GUESS,
    UNCLEAR,
    FALLBACK,
    TWO_MISSES,
    RESUME,
    ALSO,
    ONE_BY_ONE,
    COMES_NEXT,
    LEFT_OUT,
    DROPPED,
    INSTEAD,
    WHAT_OF_IT,
    NOT_SHOWN,
    OWN_DETAILS,
    WHY_PROOF,
    TAKE_YOUR_TIME,
    STALE_BUTTON,
    SENT_ALREADY,
    FILE_ONLY,
    GOOD_NEWS,
    ALL_RIGHT,
    EVIDENCE_ADDED,
    CONTACT_LINKED_NONE,
    CONTACT_NOT_OWN,
    WISH_NOTED,
    SEND_OR_LEAVE,
    WAYS_ON,
    HOLDING,
)
