"""What a message with a file in it looks like."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from tests.doubles.bot_api.errors import ApiError, broken
from tests.doubles.bot_api.files import Files, StoredFile
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.wire import Upload

PHOTO_LIMIT = 10 << 20
FILE_LIMIT = 50 << 20
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")
TINY_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def photo(stored: StoredFile, _: Json) -> Json:
    """A photo comes in several sizes, the largest last."""
    small = {**stored.brief, "file_unique_id": f"{stored.unique_id}s", "width": 90, "height": 67}
    return {"photo": [small, {**stored.brief, "width": 1280, "height": 960}]}


def document(stored: StoredFile, _: Json) -> Json:
    return {"document": {**stored.brief, "file_name": stored.name, "mime_type": stored.mime}}


def video(stored: StoredFile, params: Json) -> Json:
    size = {"width": params.get("width", 640), "height": params.get("height", 480)}
    return {
        "video": {**stored.brief, **size, "duration": params.get("duration", 1), "mime_type": stored.mime}
    }


def video_note(stored: StoredFile, params: Json) -> Json:
    """A round video: as wide as it is high."""
    length = params.get("length", 240)
    return {"video_note": {**stored.brief, "length": length, "duration": params.get("duration", 1)}}


def voice(stored: StoredFile, params: Json) -> Json:
    return {"voice": {**stored.brief, "duration": params.get("duration", 1), "mime_type": stored.mime}}


def sticker(stored: StoredFile, params: Json) -> Json:
    look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": {**stored.brief, **look, "emoji": params.get("emoji", "🙂")}}


CONTENT: dict[str, Callable[[StoredFile, Json], Json]] = {
    "photo": photo,
    "document": document,
    "video": video,
    "video_note": video_note,
    "voice": voice,
    "sticker": sticker,
}


def given_file(files: Files, kind: str, given: Any, uploads: dict[str, Upload]) -> StoredFile:
    """A file by identifier, by address or uploaded (https://core.telegram.org/bots/api#sending-files)."""
    if given.startswith("attach://"):
        return _uploaded(files, kind, uploads.get(given.removeprefix("attach://")))
    if given.startswith(("http://", "https://")):
        return files.add(kind, given.encode(), given.rsplit("/", 1)[-1] or kind, "application/octet-stream")
    return files.resend(given, kind)


def _uploaded(files: Files, kind: str, upload: Upload | None) -> StoredFile:
    if upload is None:
        raise broken("wrong file identifier/HTTP URL specified")
    if not upload.content:
        raise broken("file must be non-empty")
    if len(upload.content) > (PHOTO_LIMIT if kind == "photo" else FILE_LIMIT):
        raise ApiError(413, "Request Entity Too Large", violation=True)
    if kind == "photo" and not upload.content.startswith(PICTURES):
        raise broken("IMAGE_PROCESS_FAILED")
    return files.add(kind, upload.content, upload.name, upload.mime)
