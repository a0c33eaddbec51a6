"""Text as it may be stored and sent: what breaks databases and JSON readers is dropped, the rest stays as
written."""

from __future__ import annotations

LONGEST = 8192
"""Twice what Telegram lets a person write in one message (4,096 UTF-16 units)."""


def clean(text: str, longest: int = LONGEST) -> str:
    """Without NUL and lone surrogates, and not endless."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode("utf-8")
    return text.replace("\x00", "")[:longest]


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts (https://core.telegram.org/bots/api#messageentity)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, most: int) -> str:
    """At most this many UTF-16 units, never half a character; an ellipsis says that there was more."""
    if units(text) <= most:
        return text
    short = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return f"{short}…"
