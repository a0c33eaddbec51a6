"""A mere reason, and nothing asked for ("不喜欢", "it doesn't fit"): money back or a person, whichever the buyer likes."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import FAULT, Reason
from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.exchange_goods import FLOW as EXCHANGE_GOODS
from bot.flows.flow import finish, starting
from bot.flows.meant import of_another_product, slots_of
from bot.flows.request_refund import FLOW as REQUEST_REFUND
from bot.flows.talked_of import remembering

REMEMBERED = ("order_number", "reason", "received")
"""What a trouble may tell of the refund it may come to."""

TROUBLE = reply(
    "talk/trouble", "request_refund", "exchange_goods", "escalate", tone=Tone.APOLOGY | Tone.NEXT_STEP
)


def offer(turn: Turn) -> Decision | None:
    """Say sorry, and what can be done about it; a refund asked for next knows what was told."""
    named = {} if turn.incoming.choice else slots_of(turn, turn.meaning.text)
    ways = (REQUEST_REFUND, EXCHANGE_GOODS) if _may_change(turn) else (REQUEST_REFUND,)
    buttons = tuple(starting(turn, flow, **named) for flow in (*ways, ESCALATE))
    said = finish(turn, TROUBLE(buttons=buttons))
    conversation = said.conversation
    about = named.get("order", conversation.about)
    remembered = remembering(turn, conversation, about, None)
    return replace(said, conversation=replace(remembered, parked=_refund_in_mind(turn, named)))


def _may_change(turn: Turn) -> bool:
    """True of what came and is not right, or not liked: what never came is not exchanged."""
    reason = turn.meaning.slots.get("reason")
    return reason in FAULT or (reason == Reason.CHANGED_MIND and turn.meaning.slots.get("received") != "no")


def _refund_in_mind(turn: Turn, named: dict[str, str]) -> Talk:
    """What was told is told of the product that was named with it: of another one it is asked anew."""
    told = named | {name: turn.meaning.slots[name] for name in REMEMBERED if name in turn.meaning.slots}
    files, parked = turn.incoming.attachments, turn.conversation.parked
    if parked is None or (parked.flow == REQUEST_REFUND.intent and of_another_product(turn, parked, named)):
        return Talk(REQUEST_REFUND.intent, f"{turn.serial}b", told, attachments=files, standing=Standing.LEFT)
    if parked.flow != REQUEST_REFUND.intent:
        return parked
    left = Standing.LEFT if parked.standing is Standing.OFFERED else parked.standing
    return replace(parked, standing=left).fill(**told | parked.slots).keeping(files)


REPLIES = (TROUBLE,)
