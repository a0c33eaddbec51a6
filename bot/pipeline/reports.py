"""What became of an agent's words on their way to the buyer, as a thing that happened: channel ``report``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.manner import Operation
from bot.domain.messages import Incoming, Report
from bot.errors import UnreadableUpdate
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery, Outcome, Settled

CHANNEL = "report"
_FINAL = frozenset({Outcome.SENT, Outcome.BLOCKED, Outcome.FAILED})


def report(delivery: Delivery, settled: Settled) -> Arrival | None:
    """For whoever watches the delivery; None while nothing is final, and for what nobody watches."""
    if not delivery.manner.watched or settled.outcome not in _FINAL:
        return None
    if settled.outcome is Outcome.SENT and not (
        delivery.manner.of and delivery.manner.operation is Operation.SEND
    ):
        return None  # nothing to put a mark on
    payload = {
        "outcome": settled.outcome.value,
        "operation": delivery.manner.operation.value,
        "of": list(delivery.manner.of),
        "why": settled.error[:300],
    }
    return Arrival(CHANNEL, delivery.key, payload, conversation_id=delivery.conversation_id)


def read(payload: Mapping[str, Any]) -> Incoming:
    """The news; `UnreadableUpdate` when it has not the shape above."""
    outcome, operation, of, why = (payload.get(name) for name in ("outcome", "operation", "of", "why"))
    if outcome not in _FINAL or operation not in Operation.__members__.values():
        raise UnreadableUpdate("a report says what was to be done, and what came of it")
    if not isinstance(of, list) or not isinstance(why, str):
        raise UnreadableUpdate("a report names the messages it is about, and a reason as text")
    return Incoming(report=Report(str(outcome), str(operation), tuple(map(str, of)), why))
