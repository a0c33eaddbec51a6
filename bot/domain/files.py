"""Files that came with messages: where each stands, and what is known of it once it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Attachment

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


def as_kept(attachment: Attachment, filed: Filed | None) -> Attachment:
    """The attachment pointing to the file we keep, where we do."""
    if filed is None or filed.state is not FileState.KEPT:
        return attachment
    return replace(attachment, ref=f"{OURS}:{filed.sha256}", size=filed.size)


def grouped(files: tuple[Attachment, ...]) -> tuple[tuple[Attachment, ...], ...]:
    """The files by album, in the order they came; what was sent alone stands alone."""
    groups: list[list[Attachment]] = []
    for one in files:
        if groups and one.album and groups[-1][0].album == one.album:
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(tuple(group) for group in groups)
