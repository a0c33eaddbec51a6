"""Texts: their length in UTF-16 units, their markup, their limits."""

from __future__ import annotations

from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.html import parse_html
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.markdown import parse_markdown
from tests.doubles.bot_api.spans import BadMarkup, apart_from_code, utf16_length

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 1 << 15


def formatted(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The text without its markup, and its entities; trimmed as the original trims."""
    if len(text.encode()) > RAW_LIMIT:
        raise broken("text is too long")
    try:
        plain, spans = _parsed(text, parse_mode, entities)
    except BadMarkup as error:
        raise broken(f"can't parse entities: {error}") from None
    _check_spans(plain, spans)
    return _trimmed(plain, apart_from_code(spans) if spans else spans)


def _parsed(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """parse_mode wins over entities (https://core.telegram.org/bots/api#formatting-options)."""
    match (parse_mode or "none").lower():
        case "none":
            return text, list(entities or [])
        case "html":
            return parse_html(text)
        case "markdownv2":
            return parse_markdown(text)
        case "markdown":
            raise broken(
                "parse_mode Markdown is legacy and this double does not read it; use HTML or MarkdownV2"
            )
        case _:
            raise broken("unsupported parse_mode")


def _check_spans(text: str, spans: list[Json]) -> None:
    length = utf16_length(text)
    for span in spans:
        if span["offset"] < 0 or span["length"] < 1 or span["offset"] + span["length"] > length:
            raise broken(f"entity {span['type']} at {span['offset']}+{span['length']} is outside of the text")


def _trimmed(text: str, spans: list[Json]) -> tuple[str, list[Json]]:
    """Spaces and new lines around a text do not survive; entities move with it."""
    kept = text.rstrip()
    left = len(kept) - len(kept.lstrip(" \n"))
    kept = kept[left:]
    length = utf16_length(kept)
    moved = []
    for span in spans:
        start = max(span["offset"] - left, 0)
        end = min(span["offset"] - left + span["length"], length)
        if end > start:
            moved.append({**span, "offset": start, "length": end - start})
    return kept, moved


def message_text(params: Json) -> Json:
    """`text` and `entities`: 1-4096 after entities parsing (https://core.telegram.org/bots/api#sendmessage)."""
    text, entities = formatted(params["text"], params.get("parse_mode"), params.get("entities"))
    if not text:
        raise broken("text must be non-empty")
    if utf16_length(text) > MESSAGE_LIMIT:
        raise broken("message is too long")
    return _with_entities({"text": text}, "entities", entities)


def caption(params: Json) -> Json:
    """`caption`: 0-1024 after entities parsing (https://core.telegram.org/bots/api#sendphoto)."""
    if not params.get("caption"):
        return {}
    text, entities = formatted(params["caption"], params.get("parse_mode"), params.get("caption_entities"))
    if utf16_length(text) > CAPTION_LIMIT:
        raise broken("message caption is too long")
    return _with_entities({"caption": text}, "caption_entities", entities) if text else {}


def _with_entities(content: Json, key: str, entities: list[Json]) -> Json:
    return {**content, key: entities} if entities else content


def at_most(limit: int, name: str, value: str) -> None:
    """A plain length rule: `value` has no more than `limit` UTF-16 units."""
    if utf16_length(value) > limit:
        raise broken(f"{name} is too long, at most {limit} characters are allowed")
