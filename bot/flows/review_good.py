"""A good review (好评): thanks, and nothing in return for it."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish

THANKS = reply("review_good/thanks", tone=Tone.THANKS)


def thank(turn: Turn) -> Decision | None:
    """A review is never paid for, not even afterwards."""
    return finish(turn, THANKS())


FLOW = Flow(intent="review_good", steps=(thank,), replies=(THANKS,))
