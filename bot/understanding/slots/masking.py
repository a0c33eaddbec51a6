"""Masking: messages that differ only in their numbers become the same text."""

from __future__ import annotations

import re

from bot.understanding.phrases import PLACEHOLDERS
from bot.understanding.slots.amount import AMOUNT, HAN_AMOUNT

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_TRACKING = re.compile(
    r"^(?:SF|YT|ZT|STO|JD|JT|YD|EMS|1Z)[A-Z0-9-]{8,}$|^[A-Z]{2}\d{9}[A-Z]{2}$", re.IGNORECASE
)


def masked(text: str) -> str:
    """The message with its amounts and numbers as the phrases have theirs: every order number reads alike."""
    plain = HAN_AMOUNT.sub(PLACEHOLDERS["amount"], AMOUNT.sub(PLACEHOLDERS["amount"], text))
    return _TOKEN.sub(lambda found: _mask(found[0]), plain)


def _mask(token: str) -> str:
    if _TRACKING.match(token):
        return PLACEHOLDERS["tracking_number"]
    return PLACEHOLDERS["order_number"] if sum(map(str.isdigit, token)) >= 6 else token
