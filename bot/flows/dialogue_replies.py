"""What is said between the flows: not understood, interrupted, gone stale."""

from __future__ import annotations

from datetime import datetime

from bot.domain.replies import reply
from bot.flows.small_talk import OFFERED

NOT_UNDERSTOOD = reply("talk/not_understood")
GUESS = reply("talk/guess", *OFFERED)
FALLBACK = reply("talk/fallback", *OFFERED)
TWO_MISSES = reply("talk/two_misses", "back", position=int, minutes=int, back_at=datetime | None)
RESUME = reply("talk/resume", "yes", "no", flow=str)
ALSO = reply("talk/also", "yes", "no", flow=str)
DROPPED = reply("talk/dropped", "revoke_refund", flow=str, others=int)
INSTEAD = reply("talk/instead", product=str)
WHAT_OF_IT = reply("talk/what_of_it", "track_parcel", "request_refund", "escalate", product=str)
TAKE_YOUR_TIME = reply("talk/take_your_time")
STALE_BUTTON = reply("talk/stale_button", *OFFERED)
FILE_ONLY = reply("talk/file_only", *OFFERED, medium=str)
EVIDENCE_ADDED = reply("talk/evidence_added", number=str, count=int)
CONTACT_LINKED_NONE = reply("talk/contact_no_orders")
CONTACT_NOT_OWN = reply("talk/contact_not_own")
HOLDING = reply("talk/holding")
"""Sent when a turn broke and a person was called."""

REPLIES = (
    NOT_UNDERSTOOD,
    GUESS,
    FALLBACK,
    TWO_MISSES,
    RESUME,
    ALSO,
    DROPPED,
    INSTEAD,
    WHAT_OF_IT,
    TAKE_YOUR_TIME,
    STALE_BUTTON,
    FILE_ONLY,
    EVIDENCE_ADDED,
    CONTACT_LINKED_NONE,
    CONTACT_NOT_OWN,
    HOLDING,
)
