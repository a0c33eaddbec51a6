"""A trouble is told and nothing asked for: money back or a person, whichever the buyer likes."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.replies import reply
from bot.domain.turn import Turn
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.flow import Flow, finish, starting
from bot.flows.meant import slots_of
from bot.flows.request_refund import FLOW as REQUEST_REFUND
from bot.flows.unserved import TROUBLES

REMEMBERED = ("order_number", "reason", "received")
"""What a trouble may tell of the refund it may come to."""

TROUBLE = reply("talk/trouble", "request_refund", "escalate")


def offer(turn: Turn) -> Decision | None:
    """Say sorry, and what can be done about it; a refund asked for next knows what was told."""
    named = {} if turn.incoming.choice else slots_of(turn, turn.meaning.text)
    refund = starting(turn, REQUEST_REFUND, **named)
    said = finish(turn, TROUBLE(buttons=(refund, starting(turn, ESCALATE))))
    parked = turn.conversation.parked or _refund_in_mind(turn, named)
    return replace(said, conversation=replace(said.conversation, parked=parked))


def _refund_in_mind(turn: Turn, named: dict[str, str]) -> Talk:
    """What was told is told of the product that was named with it: of another one it is asked anew."""
    told = named | {name: turn.meaning.slots[name] for name in REMEMBERED if name in turn.meaning.slots}
    files = turn.incoming.attachments
    return Talk(REQUEST_REFUND.intent, f"{turn.serial}b", told, attachments=files, standing=Standing.LEFT)


FLOWS = tuple(Flow(intent, steps=(offer,)) for intent in sorted(TROUBLES))

REPLIES = (TROUBLE,)
