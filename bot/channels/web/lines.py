"""A line of the transcript as a page gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.web.rich import Node, nodes
from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline.ports import Line

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


def shown(line: Line, link: Callable[[Attachment], str]) -> dict[str, Any]:
    """The line with its words as nodes. What a buyer wrote is text, whatever it looks like."""
    return {
        "id": line.id,
        "who": line.who.value,
        "name": line.name,
        "at": line.at.isoformat(),
        "body": _body(line),
        "buttons": [list(button) for button in line.buttons],
        "files": [shown_file(file, link) for file in line.attachments],
        "delivery": line.delivery,
    }


def _body(line: Line) -> list[Node]:
    if line.who is Speaker.BUYER:
        return [line.text] if line.text else []
    return nodes(line.text)


def shown_file(file: Attachment, link: Callable[[Attachment], str]) -> dict[str, Any]:
    """An attachment with the address to fetch it from."""
    pictured = file.medium is Medium.PHOTO and file.name.lower().endswith(INLINE)
    return {
        "url": link(file),
        "name": file.name,
        "size": file.size,
        "medium": file.medium.value,
        "image": pictured or (file.medium is Medium.PHOTO and not file.name),
    }
