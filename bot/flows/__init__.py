"""What the bot can talk about: one flow an intent, listed here."""

from __future__ import annotations

from bot.domain.replies import Reply, Tone, reply
from bot.flows import (
    aftercare,
    alarms,
    allowed,
    carded,
    carrier_claim,
    carrier_due,
    case_moves,
    come_due,
    commands,
    crossing,
    desk_replies,
    dialogue_replies,
    duty,
    edits,
    evidence,
    handoff,
    looking_back,
    mere_reason,
    on_page,
    one_parcel,
    ordering,
    pace,
    payment,
    people_first,
    proving,
    remedies,
    resending,
    routed,
    soothing,
    taking_back,
    ticket,
    unasked,
    which_case,
    which_lines,
)
from bot.flows.aftercare import FLOW as AFTERCARE
from bot.flows.change_address import FLOW as CHANGE_ADDRESS
from bot.flows.change_refund import FLOW as CHANGE_REFUND
from bot.flows.complaint import FLOW as COMPLAINT
from bot.flows.contact_channels import FLOW as CONTACT_CHANNELS
from bot.flows.counterfeit import FLOW as COUNTERFEIT
from bot.flows.coupon import FLOW as COUPON
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.exchange_goods import FLOW as EXCHANGE_GOODS
from bot.flows.feedback import FLOW as FEEDBACK
from bot.flows.flow import UNASKED, Flow
from bot.flows.hurry_parcel import FLOW as HURRY_PARCEL
from bot.flows.invoice import FLOW as INVOICE
from bot.flows.parcel_lost import FLOW as PARCEL_LOST
from bot.flows.partial_refund import FLOW as PARTIAL_REFUND
from bot.flows.platform_intervention import FLOW as PLATFORM_INTERVENTION
from bot.flows.price_protection import FLOW as PRICE_PROTECTION
from bot.flows.refund_how_long import FLOW as REFUND_HOW_LONG
from bot.flows.refund_status import FLOW as REFUND_STATUS
from bot.flows.refuse_delivery import FLOW as REFUSE_DELIVERY
from bot.flows.request_refund import FLOW as REQUEST_REFUND
from bot.flows.return_goods import FLOW as RETURN_GOODS
from bot.flows.return_policy import FLOW as RETURN_POLICY
from bot.flows.return_shipment import FLOW as RETURN_SHIPMENT
from bot.flows.review_bad import FLOW as REVIEW_BAD
from bot.flows.review_good import FLOW as REVIEW_GOOD
from bot.flows.revoke_refund import FLOW as REVOKE_REFUND
from bot.flows.seller_refused import FLOW as SELLER_REFUSED
from bot.flows.shipping_fee_policy import FLOW as SHIPPING_FEE_POLICY
from bot.flows.signed_not_received import FLOW as SIGNED_NOT_RECEIVED
from bot.flows.size_advice import FLOW as SIZE_ADVICE
from bot.flows.small_talk import AFFIRM, BOT_IDENTITY, DENY, GOODBYE, GREETING, THANKS
from bot.flows.track_parcel import FLOW as TRACK_PARCEL
from bot.flows.usage_help import FLOW as USAGE_HELP

FLOWS: tuple[Flow, ...] = (
    TRACK_PARCEL,
    HURRY_PARCEL,
    SIGNED_NOT_RECEIVED,
    PARCEL_LOST,
    REFUSE_DELIVERY,
    CHANGE_ADDRESS,
    REQUEST_REFUND,
    RETURN_GOODS,
    *remedies.FLOWS,
    EXCHANGE_GOODS,
    PARTIAL_REFUND,
    REVOKE_REFUND,
    REFUND_STATUS,
    REFUND_HOW_LONG,
    USAGE_HELP,
    SIZE_ADVICE,
    CHANGE_REFUND,
    RETURN_SHIPMENT,
    SELLER_REFUSED,
    PLATFORM_INTERVENTION,
    COUNTERFEIT,
    COMPLAINT,
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
)

INTENTS = frozenset({*(flow.intent for flow in FLOWS), "none"}) - UNASKED
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
        *ordering.REPLIES,
        *proving.REPLIES,
        *pace.REPLIES,
        *handoff.REPLIES,
        *on_page.REPLIES,
        *which_lines.REPLIES,
        *case_moves.REPLIES,
        *which_case.REPLIES,
        *soothing.REPLIES,
        *come_due.REPLIES,
        *carrier_due.REPLIES,
        *one_parcel.REPLIES,
        *resending.REPLIES,
        *ticket.REPLIES,
        *carrier_claim.REPLIES,
        *aftercare.REPLIES,
        *unasked.REPLIES,
        *edits.REPLIES,
        *payment.REPLIES,
        *evidence.REPLIES,
        *alarms.REPLIES,
        *carded.REPLIES,
        *crossing.REPLIES,
        *taking_back.REPLIES,
        *looking_back.REPLIES,
        *desk_replies.REPLIES,
        *duty.REPLIES,
        *routed.REPLIES,
        *people_first.REPLIES,
        *allowed.REPLIES,
        *commands.REPLIES,
        *dialogue_replies.REPLIES,
        *mere_reason.REPLIES,
    )
}
"""Every reply there is, by name: what the linter checks templates against."""
