"""What both markup readers share."""

from __future__ import annotations

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.links import checked_link, user_id_of

CODES = ("pre", "code")
STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")


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
    """Earlier before later, outer before inner, `pre` before `code`."""
    return sorted(spans, key=lambda span: (span["offset"], -span["length"], span["type"] == "code"))


def apart_from_code(spans: list[Json]) -> list[Json]:
    """Docs: "pre and code entities can't contain any other entities"; styles are cut around them."""
    codes: list[Json] = []
    for span in in_order([span for span in spans if span["type"] in CODES]):
        if not any(_overlap(span, code) for code in codes):
            codes.append(span)
    others = [span for span in spans if span["type"] not in CODES]
    for code in codes:
        others = [piece for span in others for piece in _cut(span, code)]
    return in_order(others + codes)


def _end(span: Json) -> int:
    return int(span["offset"] + span["length"])


def _overlap(one: Json, other: Json) -> bool:
    return bool(one["offset"] < _end(other) and other["offset"] < _end(one))


def _cut(span: Json, code: Json) -> list[Json]:
    if span["type"] not in STYLES or not _overlap(span, code):
        return [span]
    pieces = [(span["offset"], code["offset"]), (_end(code), _end(span))]
    return [{**span, "offset": start, "length": end - start} for start, end in pieces if end > start]
