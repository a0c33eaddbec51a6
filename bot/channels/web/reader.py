"""What the web chat and the terminal put into the inbox, and how it is read out of it again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.channels.web.text import clean, word
from bot.domain.messages import Attachment, Choice, Command, Incoming, Medium
from bot.errors import UnreadableUpdate

_COMMAND = re.compile(r"/([a-z][a-z_]{0,31})(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


def message(
    text: str, *, files: Sequence[Attachment] = (), language: str = "", name: str = ""
) -> dict[str, Any]:
    """The payload of something written, with what was sent along."""
    return {
        "kind": "message",
        "text": text,
        "files": files_out(files),
        "language": language,
        "name": name,
    }


def tap(data: str, label: str = "", *, language: str = "", name: str = "") -> dict[str, Any]:
    """The payload of a tapped button; the label is what the buyer read on it."""
    return {"kind": "tap", "data": data, "label": label, "language": language, "name": name}


def read(payload: Mapping[str, Any]) -> Incoming:
    """What the payload says; `UnreadableUpdate` when it has not the shape above."""
    language, name = word(payload.get("language"), 16), word(payload.get("name"), 64)
    match payload.get("kind"):
        case "message":
            text = clean(_text(payload, "text"))
            return Incoming(
                text=text,
                attachments=files_in(payload),
                command=_command(text),
                language=language,
                name=name,
            )
        case "tap":
            choice = Choice.parse(clean(_text(payload, "data"), 256))
            return Incoming(text=word(payload.get("label")), choice=choice, language=language, name=name)
        case kind:
            raise UnreadableUpdate(f"the web chat knows no payload of kind {kind!r}")


def files_out(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Files as a payload holds them."""
    return [asdict(file) for file in files]


def files_in(payload: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The payload's files; `UnreadableUpdate` when they have not that shape."""
    return tuple(_file(raw) for raw in _list(payload, "files"))


def _command(text: str) -> Command | None:
    found = _COMMAND.fullmatch(text.strip())
    return Command(found[1].lower(), (found[2] or "").strip()) if found else None


def _text(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key)
    if not isinstance(value, str):
        raise UnreadableUpdate(f"{key!r} is not text but {type(value).__name__}")
    return value


def _list(payload: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = payload.get(key) or []
    if not isinstance(value, list):
        raise UnreadableUpdate(f"{key!r} is not a list but {type(value).__name__}")
    return value


def _file(raw: Any) -> Attachment:
    try:
        album = word(raw.get("album"), 64)
        return Attachment(Medium(raw["medium"]), str(raw["ref"]), word(raw["name"]), int(raw["size"]), album)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableUpdate(f"a file of the message can't be read: {error}") from error
