"""Files buyers send, and how they are handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from bot.channels.web.guard import Refusal
from bot.channels.web.text import word
from bot.domain.file_types import GIF, HEIC, JPEG, MOV, MP4, PDF, PNG, WEBP, FileType, type_of
from bot.domain.messages import Attachment
from bot.domain.pictures import too_many_pixels

TAKEN = frozenset({JPEG, PNG, GIF, WEBP, HEIC, PDF, MP4, MOV})
"""What buyers may send."""
OVERHEAD = 64 * 1024
"""Bytes of a multipart body that are not file contents."""


class Files(Protocol):
    """Where files are kept."""

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        """Keep the file; the same content is kept once."""
        ...

    async def load(self, ref: str) -> bytes | None:
        """The file's content, None when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent and looks like what we take."""

    content: bytes
    name: str
    type: FileType


async def form(request: Request, most_files: int, most_bytes: int) -> FormData:
    """The request's form, of at most so many files of so many bytes each."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refusal(415, "error_bad_request")
    left = most_files * most_bytes + OVERHEAD

    async def bounded() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_big(most_bytes)
        return message

    body = Request(request.scope, bounded).stream()
    parser = MultiPartParser(
        request.headers, body, max_files=most_files, max_fields=4, max_part_size=OVERHEAD
    )
    try:
        return await parser.parse()
    except MultiPartException as error:
        if "Too many files" in error.message:
            raise Refusal(413, "error_too_many_files", count=most_files) from None
        raise Refusal(400, "error_bad_request") from None


def _too_big(most_bytes: int) -> Refusal:
    return Refusal(413, "error_file_too_big", size=f"{most_bytes / 2**20:g} MB")


async def uploads(sent: FormData, most_bytes: int) -> Sequence[Upload]:
    """The form's files, each looked at: size and type by content."""
    found = [
        await _upload(part, most_bytes) for part in sent.getlist("files") if isinstance(part, UploadFile)
    ]
    if not found:
        raise Refusal(400, "error_bad_request")
    return found


async def kept(files: Files, found: Sequence[Upload], album: str) -> list[Attachment]:
    """The uploads as attachments, those sent together as an album of that name."""
    saved = [await files.save(file.content, file.name, file.type.mime) for file in found]
    return [replace(file, album=album) for file in saved] if len(saved) > 1 else saved


async def _upload(part: UploadFile, most_bytes: int) -> Upload:
    content = await part.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise _too_big(most_bytes)
    kind = type_of(content)
    if kind is None or kind not in TAKEN:
        raise Refusal(415, "error_file_type")
    if too_many_pixels(content, kind):
        raise Refusal(413, "error_picture_too_large")
    return Upload(content, file_name(part.filename or "", kind), kind)


def file_name(given: str, kind: FileType) -> str:
    """A short plain name whose ending tells the truth."""
    stem = PurePath(word(given, 120).replace("\\", "/")).stem.strip(". ") or kind.medium.value
    return stem[:80] + kind.suffix


def served(content: bytes, name: str) -> Response:
    """The file as a response no browser takes for a page: pictures in place, all else as a download."""
    kind = None if too_many_pixels(content, type_of(content)) else type_of(content)
    inline = kind is not None and kind.inline
    headers = {
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, max-age=86400, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=kind.mime if kind else "application/octet-stream", headers=headers)
