"""Coupons (优惠券): what the owner's own words say of them, and a person for the rest."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish

ABOUT = reply("coupon/about", "human", tone=Tone.NEXT_STEP)


def tell(turn: Turn) -> Decision | None:
    """The owner's words; coupons are no part of what the bot may grant."""
    return finish(turn, ABOUT(buttons=(Button("start", "escalate", "human"),)))


FLOW = Flow(intent="coupon", steps=(tell,), replies=(ABOUT,))
