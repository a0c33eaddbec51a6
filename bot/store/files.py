"""Files people send, kept by their content: the same picture twice is one file."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from pathlib import Path
from uuid import uuid4

from bot.domain.messages import Attachment, Medium

_REF = re.compile(r"file:([0-9a-f]{64})")
_MEDIA = {"image": Medium.PHOTO, "video": Medium.VIDEO, "audio": Medium.VOICE}


class FileStore:
    """A folder of files named by the SHA-256 of what is in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        """Keep the file; returns once it is on disk."""
        digest = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._write, digest, content)
        medium = _MEDIA.get(mime.split("/", maxsplit=1)[0], Medium.DOCUMENT)
        return Attachment(medium, f"file:{digest}", name[:120], len(content))

    async def take(self, path: Path, ref: str) -> None:
        """Keep a file of the shop's own under the ref its content has; one that went or changed since is passed over."""
        match = _REF.fullmatch(ref)
        if match is not None and not self._path(match[1]).is_file():
            await asyncio.to_thread(self._copy, path, match[1])

    async def load(self, ref: str) -> bytes | None:
        """The file's content, None when it is not there."""
        match = _REF.fullmatch(ref)
        if match is None:
            return None
        return await asyncio.to_thread(self._read, match[1])

    def find(self, ref: str) -> tuple[Path, str]:
        """Where the file is and what to call it; LookupError when it is not there."""
        match = _REF.fullmatch(ref)
        if match is None or not self._path(match[1]).is_file():
            raise LookupError(f"no file {ref[:20]!r} is kept here")
        return self._path(match[1]), match[1][:12]

    def _copy(self, path: Path, digest: str) -> None:
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == digest:
                self._write(digest, content)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{uuid4().hex}.part")  # its own: the same file may come twice at once
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _read(self, digest: str) -> bytes | None:
        path = self._path(digest)
        return path.read_bytes() if path.is_file() else None
