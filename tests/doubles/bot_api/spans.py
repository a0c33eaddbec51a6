"""What both markup readers share."""

from __future__ import annotations

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.links import checked_link, user_id_of


class BadMarkup(Exception):
    """The markup of a text can't be read; says where, in bytes."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts (https://core.telegram.org/bots/api#messageentity)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def units(chunk: bytes) -> int:
    """UTF-16 units of a piece of UTF-8 that starts and ends at character borders."""
    return len(chunk) if chunk.isascii() else utf16_length(chunk.decode())


def link_span(url: str, offset: int, length: int) -> Json | None:
    """A link or an inline mention; None where Telegram drops an address it does not understand."""
    user_id = user_id_of(url)
    if user_id is not None:
        user = {"id": user_id, "is_bot": False, "first_name": str(user_id)}
        return {"type": "text_mention", "offset": offset, "length": length, "user": user}
    kept = checked_link(url)
    return {"type": "text_link", "offset": offset, "length": length, "url": kept} if kept else None


def in_order(spans: list[Json]) -> list[Json]:
    """Outer before inner, earlier before later."""
    return sorted(spans, key=lambda span: (span["offset"], -span["length"]))
