"""A line of the transcript as a page gets it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.web.rich import Node, nodes
from bot.domain.files import OURS, Filed, origin_of
from bot.domain.messages import Attachment, Medium
from bot.pipeline.turns import Line

UNSETTLED = ("queued", "sending")
"""Outbox states of lines that are still on their way."""
INLINE = (".jpg", ".jpeg", ".png", ".gif", ".webp")


class FileLinks:
    """Links to files that work only for the conversation they were made for."""

    def __init__(self, secret: str, path: str) -> None:
        self._tokens = URLSafeSerializer(secret, salt=f"files below {path}")
        self._path = path

    def to(self, file: Attachment, reader: str) -> str:
        """The file's address for this reader; empty when there is nothing to fetch."""
        if not file.ref:
            return ""
        return f"{self._path}/{self._tokens.dumps([file.ref, file.name, reader])}"

    def read(self, token: str, reader: str) -> tuple[str, str] | None:
        """The file's ref and name, None when the link is not this reader's."""
        try:
            ref, name, owner = self._tokens.loads(token)
        except (BadData, TypeError, ValueError):
            return None
        return (str(ref), str(name)) if owner == reader else None


def shown(line: Line, link: Callable[[Attachment], str], filed: Mapping[str, Filed]) -> dict[str, Any]:
    """The line with its words as nodes. What a buyer wrote is text, whatever it looks like."""
    return {
        "id": line.id,
        "who": line.who.value,
        "name": line.name,
        "at": line.at.isoformat(),
        "body": _body(line),
        "buttons": [list(button) for button in line.buttons],
        "files": [shown_file(file, link, filed.get(file.ref)) for file in line.attachments],
        "delivery": line.delivery,
    }


def _body(line: Line) -> list[Node]:
    if line.who.verbatim:
        return [line.text] if line.text else []
    return nodes(line.text)


def shown_file(
    file: Attachment, link: Callable[[Attachment], str], filed: Filed | None = None
) -> dict[str, Any]:
    """An attachment with the address to fetch it from; without one while only its channel has it."""
    kept = file if origin_of(file.ref) == OURS else filed.kept if filed else None
    return {
        "key": hashlib.sha256(file.ref.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "url": link(kept) if kept else "",
        "name": file.name,
        "size": kept.size if kept else file.size,
        "medium": file.medium.value,
        "image": kept is not None and _pictured(kept),
        "state": filed.state.value if filed and not kept else "",
    }


def _pictured(kept: Attachment) -> bool:
    """A picture a browser shows; what is served under another name is a download anyway."""
    if kept.name.lower().endswith(INLINE):
        return kept.medium in (Medium.PHOTO, Medium.STICKER, Medium.DOCUMENT)
    return kept.medium is Medium.PHOTO and not kept.name
