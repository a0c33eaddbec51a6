"""What is understood and has no flow of its own: it is served as something near, or by a person who gets all that was said."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import reply
from bot.domain.turn import Turn
from bot.flows.handoff import flag, wait

FOR_PEOPLE = reply("talk/for_people", "back", position=int, minutes=int, back_at=datetime | None)
SORRY = reply("talk/sorry", "back", position=int, minutes=int, back_at=datetime | None)

SERVED_AS = {"return_goods": "request_refund", "hurry_parcel": "track_parcel"}
"""Intents that another one's flow serves: a refund asks whether goods come back, news of a parcel tell when it comes."""

TROUBLES = frozenset(
    {
        "not_as_described",
        "parcel_damaged",
        "parcel_lost",
        "partial_refund",
        "quality_issue",
        "refuse_delivery",
        "signed_not_received",
        "wrong_or_missing_item",
    }
)
"""A trouble is told and nothing asked for: money back, or a person, whichever the buyer likes."""

URGENT = frozenset({"complaint", "counterfeit", "platform_intervention", "seller_refused"})
"""For a person at once, before others."""

FOR_A_PERSON = frozenset(
    {
        *URGENT,
        "change_address",
        "change_refund",
        "contact_channels",
        "coupon",
        "exchange_goods",
        "feedback",
        "invoice",
        "price_protection",
        "refund_how_long",
        "return_policy",
        "return_shipment",
        "review_bad",
        "review_good",
        "shipping_fee_policy",
        "size_advice",
        "usage_help",
        "warranty_repair",
    }
)

STATUS = "refund_status"
"""Answered with the list of the buyer's cases."""

INTENTS = frozenset({"none", *SERVED_AS, *TROUBLES, *FOR_A_PERSON, STATUS})


def hand_to_person(turn: Turn) -> Decision:
    """Say that a person does this, and call one."""
    urgent = turn.meaning.intent in URGENT
    back = (Button("start", "bot", "back"),)
    words = (SORRY if urgent else FOR_PEOPLE)(position=turn.facts.waiting + 1, **wait(turn), buttons=back)
    return flag(turn, FlagReason.FOR_A_PERSON, words, priority=Priority.HIGH if urgent else Priority.NORMAL)


REPLIES = (FOR_PEOPLE, SORRY)
