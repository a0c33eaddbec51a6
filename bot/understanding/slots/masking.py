"""Masking: messages that differ only in their numbers become the same text."""

from __future__ import annotations

import re

from bot.understanding.phrases import PLACEHOLDERS
from bot.understanding.slots.amount import AMOUNT, HAN_AMOUNT
from bot.understanding.slots.waybill import by_shape

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_LEAST_DIGITS = 4
"""Of a waybill; "storefronts" begins like one."""
_ORDER_DIGITS = 6


def masked(text: str) -> str:
    """The message with its amounts and numbers as the phrases have theirs: every order number reads alike."""
    plain = HAN_AMOUNT.sub(PLACEHOLDERS["amount"], AMOUNT.sub(PLACEHOLDERS["amount"], text))
    return _TOKEN.sub(lambda found: _mask(found[0]), plain)


def _mask(token: str) -> str:
    digits = sum(map(str.isdigit, token))
    if digits >= _LEAST_DIGITS and by_shape(token.replace("-", "").upper()):
        return PLACEHOLDERS["tracking_number"]
    return PLACEHOLDERS["order_number"] if digits >= _ORDER_DIGITS else token
