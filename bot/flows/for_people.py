"""What only a person does: handed over at once, or passed on where the bot is seeing to something else."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import FlagReason, Standing
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.handoff import flag, in_line, notify, wait

FOR_PEOPLE = reply(
    "talk/for_people",
    "back",
    tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    position=int,
    minutes=int,
    back_at=datetime | None,
)
PASSED_ON = reply("talk/passed_on", tone=Tone.NEXT_STEP | Tone.DEADLINE, minutes=int, back_at=datetime | None)


def pass_on(turn: Turn) -> Decision | None:
    """A question beside something the bot is seeing to: a person answers it meanwhile."""
    parked = turn.conversation.parked
    if parked is None or parked.standing not in (Standing.ASKED, Standing.WISHED):
        return None
    return notify(turn, FlagReason.FOR_A_PERSON, PASSED_ON(**wait(turn)))


def hand_over(turn: Turn) -> Decision | None:
    """Say that a person does this, and call one."""
    return flag(turn, FlagReason.FOR_A_PERSON, in_line(turn, FOR_PEOPLE))


REPLIES = (FOR_PEOPLE, PASSED_ON)
