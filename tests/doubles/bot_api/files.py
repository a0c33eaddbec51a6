"""Files that Telegram keeps."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles.bot_api.errors import broken, refused
from tests.doubles.bot_api.json_type import Json

PREFIX = {
    "photo": "AgACAgIA",
    "document": "BQACAgIA",
    "video": "BAACAgIA",
    "video_note": "DQACAgIA",
    "voice": "AwACAgIA",
    "sticker": "CAACAgIA",
}
FOLDER = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "video_note": "video_notes",
    "voice": "voice",
    "sticker": "stickers",
}
DOWNLOAD_LIMIT = 20 << 20
LINK_LIFETIME = 3600


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; its identifier says its kind, since a file can't change its type when resent."""

    id: str
    unique_id: str
    kind: str
    content: bytes
    name: str
    mime: str
    path: str

    @property
    def brief(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


@dataclass(slots=True)
class Files:
    """The store; links to download live for at least an hour (https://core.telegram.org/bots/api#getfile)."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    links: dict[str, tuple[StoredFile, float]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    """Identifiers of files that Telegram had once."""

    def add(self, kind: str, content: bytes, name: str, mime: str) -> StoredFile:
        number = len(self.by_id)
        ending = f".{name.rsplit('.', 1)[-1]}" if "." in name else ""
        stored = StoredFile(
            id=f"{PREFIX[kind]}{number:056d}",
            unique_id=f"{PREFIX[kind][:4]}{number:012d}",
            kind=kind,
            content=content,
            name=name,
            mime=mime,
            path=f"{FOLDER[kind]}/file_{number}{ending}",
        )
        self.by_id[stored.id] = stored
        return stored

    def lose(self, file_id: str) -> None:
        """Telegram has it no more; a link that was handed out leads nowhere."""
        self.lost.add(file_id)
        self.links.pop(self.by_id.pop(file_id).path, None)

    def resend(self, file_id: str, kind: str) -> StoredFile:
        """A file by an identifier the bot keeps; the kind can't change (https://core.telegram.org/bots/api#sending-files)."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise broken("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise broken(f"can't use file of type {_spoken(stored.kind)} as {_spoken(kind)}")
        return stored

    def link(self, file_id: str, now: float) -> Json:
        """getFile: bots can download files of up to 20 MB. An identifier nobody ever handed out is the bot's own fault."""
        stored = self.by_id.get(file_id)
        if file_id in self.lost:
            raise refused("wrong file_id or the file is temporarily unavailable")
        if stored is None:
            raise broken("wrong file_id or the file is temporarily unavailable")
        if len(stored.content) > DOWNLOAD_LIMIT:
            raise refused("file is too big")
        self.links[stored.path] = (stored, now + LINK_LIFETIME)
        return {**stored.brief, "file_path": stored.path}

    def open(self, path: str, now: float) -> StoredFile | None:
        """The file behind a link, while the link lives."""
        stored, until = self.links.get(path, (None, 0.0))
        return stored if now <= until else None


def _spoken(kind: str) -> str:
    """``VideoNote``, as the original writes it."""
    return "".join(part.capitalize() for part in kind.split("_"))
