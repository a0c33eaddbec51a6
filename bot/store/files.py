"""Files people send, kept by their content: the same picture twice is one file."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bot.domain.messages import Attachment, Medium

_REF = re.compile(r"file:([0-9a-f]{64})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = ".part"
"""What is not a whole file yet, or none any more."""
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

    async def older(self, before: datetime) -> list[str]:
        """The SHA-256 of the files that nobody has sent since; what a killed process left half written goes at once."""
        return await asyncio.to_thread(self._older, before.timestamp())

    async def remove(self, sha256: str, since: datetime) -> bool:
        """Off the disk, unless it was sent since, again or by somebody else; False when it stays, or is not there."""
        return await asyncio.to_thread(self._remove, self._path(sha256), since.timestamp())

    def _older(self, before: float) -> list[str]:
        found: list[str] = []
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime >= before:
                    continue
                if _DIGEST.fullmatch(path.name):
                    found.append(path.name)
                elif path.suffix == _PART:
                    path.unlink()
        return found

    def _remove(self, path: Path, since: float) -> bool:
        """Out of the way first: who sends it meanwhile writes it anew, and who did just before has marked it."""
        aside = path.with_suffix(_PART)
        with contextlib.suppress(FileNotFoundError):
            path.replace(aside)
        try:
            if aside.stat().st_mtime > since:
                aside.replace(path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return False
        return True

    def _copy(self, path: Path, digest: str) -> None:
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == digest:
                self._write(digest, content)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        try:
            os.utime(path)  # it is wanted again: see `remove`
        except FileNotFoundError:
            pass
        except PermissionError:
            return  # put there by somebody else, who alone may remove it
        else:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{uuid4().hex}{_PART}")  # its own: the same file may come twice at once
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
