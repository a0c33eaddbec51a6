"""What the bot can talk about: one flow an intent, listed here."""

from __future__ import annotations

from bot.domain.replies import Reply, Tone, reply
from bot.flows import (
    aftercare,
    case_moves,
    come_due,
    commands,
    desk,
    dialogue_replies,
    edits,
    evidence,
    for_people,
    goods_matters,
    handoff,
    ordering,
    payment,
    troubles,
    unasked,
)
from bot.flows.aftercare import FLOW as AFTERCARE
from bot.flows.contact_channels import FLOW as CONTACT_CHANNELS
from bot.flows.coupon import FLOW as COUPON
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.exchange_goods import FLOW as EXCHANGE_GOODS
from bot.flows.feedback import FLOW as FEEDBACK
from bot.flows.flow import UNASKED, Flow
from bot.flows.invoice import FLOW as INVOICE
from bot.flows.partial_refund import FLOW as PARTIAL_REFUND
from bot.flows.price_protection import FLOW as PRICE_PROTECTION
from bot.flows.refund_how_long import FLOW as REFUND_HOW_LONG
from bot.flows.refund_status import FLOW as REFUND_STATUS
from bot.flows.request_refund import FLOW as REQUEST_REFUND
from bot.flows.return_policy import FLOW as RETURN_POLICY
from bot.flows.review_bad import FLOW as REVIEW_BAD
from bot.flows.review_good import FLOW as REVIEW_GOOD
from bot.flows.revoke_refund import FLOW as REVOKE_REFUND
from bot.flows.shipping_fee_policy import FLOW as SHIPPING_FEE_POLICY
from bot.flows.size_advice import FLOW as SIZE_ADVICE
from bot.flows.small_talk import AFFIRM, BOT_IDENTITY, DENY, GOODBYE, GREETING, THANKS
from bot.flows.track_parcel import FLOW as TRACK_PARCEL
from bot.flows.unserved import SERVED_AS
from bot.flows.usage_help import FLOW as USAGE_HELP

FLOWS: tuple[Flow, ...] = (
    TRACK_PARCEL,
    REQUEST_REFUND,
    *goods_matters.FLOWS,
    EXCHANGE_GOODS,
    PARTIAL_REFUND,
    REVOKE_REFUND,
    REFUND_STATUS,
    REFUND_HOW_LONG,
    USAGE_HELP,
    SIZE_ADVICE,
    RETURN_POLICY,
    SHIPPING_FEE_POLICY,
    CONTACT_CHANNELS,
    COUPON,
    INVOICE,
    PRICE_PROTECTION,
    REVIEW_GOOD,
    REVIEW_BAD,
    FEEDBACK,
    AFTERCARE,
    ESCALATE,
    GREETING,
    THANKS,
    GOODBYE,
    BOT_IDENTITY,
    AFFIRM,
    DENY,
    *troubles.FLOWS,
    *for_people.FLOWS,
)

INTENTS = frozenset({*(flow.intent for flow in FLOWS), *SERVED_AS, "none"}) - UNASKED
"""Everything that is understood; ``none`` is what is none of the bot's business."""

BY_INTENT: dict[str, Flow] = {flow.intent: flow for flow in FLOWS}

REPLIES: dict[str, Reply] = {
    declared.name: declared
    for declared in (
        *(
            declared
            for flow in FLOWS
            for declared in (reply(f"{flow.intent}/name", tone=Tone.PLAIN), *flow.replies)
        ),
        *(reply(f"{intent}/name", tone=Tone.PLAIN) for intent in SERVED_AS),
        *ordering.REPLIES,
        *handoff.REPLIES,
        *case_moves.REPLIES,
        *come_due.REPLIES,
        *aftercare.REPLIES,
        *unasked.REPLIES,
        *edits.REPLIES,
        *payment.REPLIES,
        *evidence.REPLIES,
        *desk.REPLIES,
        *commands.REPLIES,
        *dialogue_replies.REPLIES,
        *troubles.REPLIES,
        *for_people.REPLIES,
    )
}
"""Every reply there is, by name: what the linter checks templates against."""
