"""A good review (好评): thanks, and nothing in return for it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish
from bot.flows.mere_reason import offer
from bot.flows.troubles import TROUBLE_OF

THANKS = reply("review_good/thanks", tone=Tone.THANKS)


def thank(turn: Turn) -> Decision | None:
    """A review is never paid for, not even afterwards; a fault that is told with it is taken up."""
    trouble = offer(turn) if turn.meaning.slots.get("reason") in TROUBLE_OF else None
    if trouble is None:
        return finish(turn, THANKS())
    return replace(trouble, says=(THANKS(), *trouble.says))


FLOW = Flow(intent="review_good", steps=(thank,), replies=(THANKS,))
