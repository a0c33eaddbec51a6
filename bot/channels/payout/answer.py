"""What the payment service says, in an answer or a call: `accepted`, `succeeded` or `failed`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.refunds import RefundEvent

EVENTS = {"accepted": RefundEvent.SEND, "succeeded": RefundEvent.SUCCEED, "failed": RefundEvent.FAIL}
"""The service's words for what becomes of a refund."""
LONGEST_REFERENCE = 120
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Word:
    """The service's word on one order to pay."""

    event: RefundEvent | None = None
    """None where it says nothing of it."""
    reference: str = ""
    reason: str = ""


def word_of(body: bytes, key: str, attempt: int) -> Word:
    """What an answer says; nothing, unless it is a JSON object about this very order. Never raises: much may stand there."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Word()
    if not isinstance(found, dict) or (found.get("key", key), found.get("attempt", attempt)) != (
        key,
        attempt,
    ):
        return Word()
    event = found.get("event")
    return Word(
        EVENTS.get(event) if isinstance(event, str) else None,
        line(found.get("reference"), LONGEST_REFERENCE),
        line(found.get("reason"), LONGEST_REASON),
    )


def line(raw: object, longest: int) -> str:
    """Somebody else's text as one printable line of bounded length; empty where it is none."""
    text = raw[: 4 * longest] if isinstance(raw, str) else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:longest]


def text_of(fields: Mapping[str, Any], name: str, longest: int) -> str:
    """A field that may be left out; ValueError when it is no text, or too long to be kept whole."""
    raw = fields.get(name, "")
    if not isinstance(raw, str) or len(raw) > longest:
        raise ValueError(f"{name} is text of at most {longest} characters")
    return line(raw, longest)
