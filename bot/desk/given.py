"""What an agent's page posts: JSON, or a form that holds the same JSON and files with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.channels.web import files as filing
from bot.channels.web.files import Upload
from bot.channels.web.guard import json_body, json_object


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may come at once."""

    json_bytes: int = 64 * 1024
    files: int = 9
    file_bytes: int = 10 * 2**20


@dataclass(frozen=True, slots=True)
class Given:
    """What came."""

    body: dict[str, Any]
    files: Sequence[Upload] = ()
    """Looked at, and not kept yet."""


async def given(request: Request, bounds: Bounds) -> Given:
    """The request's body; refused when it is neither, or too much."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return Given(await json_body(request, bounds.json_bytes))
    sent = await filing.form(request, bounds.files, bounds.file_bytes)
    try:
        return Given(json_object(sent.get("act")), await filing.uploads(sent, bounds.file_bytes))
    finally:
        await sent.close()
