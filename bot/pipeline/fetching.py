"""Files that a channel only refers to: what is to be fetched, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.files import FileState
from bot.domain.messages import Attachment


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A leased file: to be fetched now."""

    id: int
    conversation_id: int
    ref: str
    size: int
    """Bytes as the channel said, 0 when it did not."""
    attempts: int
    missed: int = 0
    """How often the channel said before that it does not have it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a fetch, to be written down."""

    id: int
    state: FileState
    """`WAITING`: to be tried again at `retry_at`."""
    sha256: str = ""
    mime: str = ""
    size: int = 0
    error: str = ""
    retry_at: datetime | None = None
    missed: bool = False
    """The channel said that it does not have it."""


class Origin(Protocol):
    """A channel that only refers to files, and hands them out when asked."""

    @property
    def name(self) -> str:
        """What its refs begin with, before the colon."""
        ...

    async def fetch(self, ref: str, most: int) -> bytes:
        """The file, of at most so many bytes. Raises `FileTooBig`, `FileGone` or `Refused`; `TryLater` when the channel
        says when to ask again, `Uncertain` when nobody knows."""
        ...


class Keep(Protocol):
    """Where files are kept."""

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        """Keep the file; the same content is kept once. Its ref is ``file:<sha256>``."""
        ...
