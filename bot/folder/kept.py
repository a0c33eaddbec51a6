"""What took long to make, kept on disk so that the next start need not make it again.

A file's name ends in a digest of everything that went into it: so it is right or not there, and nothing ever needs to be
cleared by hand; those that nobody used for long go when there are many.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from bot.store.private import private_folder

_MOST = 12
"""Files kept of one kind."""


class Kept:
    """A folder of such files; by default in the user's cache folder. One that can't be used only costs time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _cache_folder()

    def get(self, name: str) -> bytes | None:
        """The file of that name; none when another user wrote it: what is read here may be run."""
        if self._folder is None:
            return None
        with contextlib.suppress(OSError), (self._folder / name).open("rb") as file:
            if _is_ours(file):
                content = file.read()
                with contextlib.suppress(OSError):
                    os.utime(file.name)
                return content
        return None

    def put(self, name: str, content: bytes) -> None:
        """Keep this; of its kind (what stands after the dot), those go that nobody used for longest."""
        if self._folder is None:
            return
        path = self._folder / name
        with contextlib.suppress(OSError):
            private_folder(self._folder)
            draft = path.with_name(f"{name}.{os.getpid()}")
            try:
                draft.write_bytes(content)
                draft.replace(path)
            except OSError:  # a full disk must not fill up with halves
                draft.unlink(missing_ok=True)
                raise
            kind = sorted(self._folder.glob(f"*{path.suffix}"), key=lambda file: -file.stat().st_mtime)
            for old in kind[_MOST:]:
                old.unlink(missing_ok=True)


def digest(parts: Iterable[str]) -> str:
    """A name for what is made of these."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def _is_ours(file: BinaryIO) -> bool:
    """Of the open file itself: by its name another one could be meant a moment later."""
    owner = getattr(os, "geteuid", None)  # Windows has no such thing
    return owner is None or os.fstat(file.fileno()).st_uid == owner()


def _cache_folder() -> Path | None:
    """As the XDG Base Directory Specification has it; None for a user without a home, who keeps nothing."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shouhou"
    except RuntimeError:
        return None
