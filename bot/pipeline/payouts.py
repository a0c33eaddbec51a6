"""Orders to pay on their way out, and the news of them on their way in: channel ``payout``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from bot.domain.decision import PayOut
from bot.domain.messages import Incoming, Payout
from bot.domain.refunds import RefundEvent
from bot.domain.refunds import order_to_pay as key_of
from bot.errors import UnreadableUpdate
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Draft
from bot.pipeline.ports import Unit

CHANNEL = "payout"
"""Its addresses are the keys of refunds: of one refund, one order to pay goes after the other."""
TOLD = frozenset({RefundEvent.SEND, RefundEvent.SUCCEED, RefundEvent.FAIL})
"""What whoever pays may say of an order."""


def order_to_pay(effect: PayOut) -> Draft:
    """The outbox row. Its text is what is posted, byte for byte, however often."""
    refund = effect.refund
    order = {
        "key": refund.key,
        "attempt": refund.tries,
        "idempotency_key": refund.order_to_pay,
        "amount": str(refund.amount.decimal),
        "amount_minor": refund.amount.minor,
        "currency": refund.amount.currency,
        "order_number": refund.order_number,
        "case_number": refund.case,
        "purpose": refund.purpose.value,
        "created_at": refund.created_at.astimezone(UTC).isoformat(),
    }
    text = json.dumps(order, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Draft(CHANNEL, refund.key, refund.order_to_pay, text)


def news(payout: Payout, conversation_id: int) -> Arrival:
    """What became of an order to pay; the same of the same order is one thing, however often and whence it is told."""
    payload = {
        "key": payout.key,
        "event": payout.event,
        "attempt": payout.tries,
        "reference": payout.reference,
        "why": payout.why,
    }
    origin = _origin(payout.key, payout.tries, RefundEvent(payout.event))
    return Arrival(CHANNEL, origin, payload, conversation_id=conversation_id)


def answered(unit: Unit, key: str, tries: int) -> bool:
    """True when there is news of this order already: it must not be posted again, for by now it may be paid anew."""
    return unit.received(CHANNEL, (_origin(key, tries, event) for event in TOLD))


def _origin(key: str, tries: int, event: RefundEvent) -> str:
    return f"{key_of(key, tries)}:{event.value}"


def read(payload: Mapping[str, Any]) -> Incoming:
    """The news; `UnreadableUpdate` when it has not the shape above."""
    key, event, tries = payload.get("key"), payload.get("event"), payload.get("attempt")
    reference, why = payload.get("reference"), payload.get("why")
    if not isinstance(key, str) or not isinstance(event, str) or event not in TOLD or type(tries) is not int:
        raise UnreadableUpdate("news of a payment name the refund, the attempt and what became of it")
    if not isinstance(reference, str) or not isinstance(why, str):
        raise UnreadableUpdate("a payment's reference and reason are text")
    return Incoming(payout=Payout(key, RefundEvent(event).value, tries, reference, why))
