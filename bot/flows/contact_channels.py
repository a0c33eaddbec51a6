"""How and when the shop is reached (联系方式): its hours, and the ways there are."""

from __future__ import annotations

from datetime import datetime

from bot.domain.calendar import Calendar, Weekday
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish

WAYS = reply(
    "contact_channels/ways",
    "human",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    opens=str,
    closes=str,
    closed_on=tuple[Weekday, ...],
    back_at=datetime | None,
    minutes=int,
    phone=str,
    email=str,
    address=str,
)


def tell(turn: Turn) -> Decision | None:
    """The hours people are there, when they are back where they are not, and every way there is."""
    shop, contacts = turn.policy.shop, turn.policy.contacts
    opens, closes = _hours(shop)
    words = WAYS(
        opens=opens,
        closes=closes,
        closed_on=tuple(day for number, day in enumerate(Weekday) if number in shop.closed_on),
        back_at=shop.opens_next(turn.now),
        minutes=turn.policy.agent_minutes,
        phone=contacts.phone,
        email=contacts.email,
        address=contacts.address,
        buttons=(Button("start", "escalate", "human"),),
    )
    return finish(turn, words)


def _hours(shop: Calendar) -> tuple[str, str]:
    """As a clock shows them; empty where somebody is always there."""
    if shop.opens == shop.closes:
        return "", ""
    return f"{shop.opens:%H:%M}", f"{shop.closes:%H:%M}"


FLOW = Flow(intent="contact_channels", steps=(tell,), replies=(WAYS,))
