"""Files that came with messages: where each stands, and what is known of it once it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.file_types import UNKNOWN, FileType, type_named
from bot.domain.messages import Attachment, Medium

OURS = "file"
"""The origin of a ref that needs no fetching: ``file:<sha256>``."""


class FileState(StrEnum):
    """Where a file stands that its channel only refers to."""

    WAITING = "waiting"
    KEPT = "kept"
    TOO_BIG = "too_big"
    """Larger than the messenger gives out, or than the shop keeps."""
    REFUSED = "refused"
    """The messenger will never give it out."""
    GONE = "gone"
    """The messenger has it no more."""


def origin_of(ref: str) -> str:
    """Which channel has the file: ``telegram`` for ``telegram:<file id>``; empty when there is no file at all."""
    origin, colon, _ = ref.partition(":")
    return origin if colon else ""


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of one conversation, as far as it was fetched."""

    conversation_id: int
    ref: str
    """As the channel refers to it."""
    medium: Medium
    state: FileState
    received_at: datetime
    sha256: str = ""
    mime: str = ""
    """By its content."""
    size: int = 0
    """Bytes; before it is kept what the channel said."""
    name: str = ""
    album: str = ""
    error: str = ""
    """Why it is not here (yet)."""

    @property
    def attachment(self) -> Attachment:
        """As it came."""
        return Attachment(self.medium, self.ref, self.name, self.size, self.album)

    @property
    def kept(self) -> Attachment | None:
        """The file we keep, under a name whose ending tells the truth; None while there is none."""
        if self.state is not FileState.KEPT:
            return None
        name = truthful(self.name or f"{self.medium.value}-{self.sha256[:8]}", type_named(self.mime))
        return replace(self.attachment, ref=f"{OURS}:{self.sha256}", name=name)


def truthful(name: str, kind: FileType) -> str:
    """The name with the ending of what the file is; one of no known type keeps its own, and gets one that opens nothing."""
    stem = name.replace("\\", "/").rpartition("/")[2].strip(". ") or kind.medium.value
    if kind is not UNKNOWN and "." in stem:
        stem = stem.rpartition(".")[0].strip(". ") or kind.medium.value
    return stem[:80] + kind.suffix


def grouped(files: tuple[Attachment, ...]) -> tuple[tuple[Attachment, ...], ...]:
    """The files by album, in the order they came; what was sent alone stands alone."""
    groups: list[list[Attachment]] = []
    for one in files:
        if groups and one.album and groups[-1][0].album == one.album:
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(tuple(group) for group in groups)
