"""Talk to a human (转人工)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow
from bot.flows.handoff import flag, for_who_waits, in_line

QUEUED = for_who_waits("escalate/queued", Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE)

STILL_WAITING = reply(
    "escalate/still_waiting",
    "back",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    minutes=int,
    back_at=datetime | None,
)

BACK = reply("escalate/back", tone=Tone.NEXT_STEP, asks=bool)
RELEASED = reply("escalate/released", tone=Tone.NEXT_STEP)


def hand_over(turn: Turn) -> Decision | None:
    """Flag at once; tell the place in the queue, the wait, and when someone is back if nobody is there now."""
    return flag(turn, FlagReason.BUYER_ASKS, in_line(turn, QUEUED))


FLOW = Flow(
    intent="escalate",
    steps=(hand_over,),
    replies=(QUEUED, STILL_WAITING, BACK, RELEASED),
)
