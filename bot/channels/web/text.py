"""Text from outside, made safe to keep: no control characters, no half characters, a bounded length."""

from __future__ import annotations

import re
from typing import Any

from bot.domain.names import one_line

LONGEST = 8192
"""Characters of one message that are kept."""

_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str, longest: int = LONGEST) -> str:
    """The text without what no database or terminal should hold; lines end with ``\\n``."""
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:longest]


def number(value: Any) -> int:
    """A whole number that is no less than 0, as an address has it; anything else is 0."""
    known = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19
    return int(value) if known else 0


def word(value: Any, longest: int = 256) -> str:
    """A short one-line value; anything that is no text becomes empty."""
    return one_line(clean(value, 4 * longest))[:longest] if isinstance(value, str) else ""
