"""A backup's file: a zip that holds the database, the files people sent and the shop's own, and a manifest of all of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Self

from bot.config.sections import Storage
from bot.errors import BackupError
from bot.store.schema import refuse_newer
from bot.store.snapshot import Tell

DATABASE, FILES, SHOP = "database/shouhou.db", "files/", "shop/"
"""Where things stand in it."""
SECRET_KEY = "data/secret.key"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"(database/shouhou\.db|files/[0-9a-f]{2}/[0-9a-f]{64}|shop/[^\\:]+)")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Places:
    """Where a shop keeps what it has."""

    folder: Path
    shop: str
    database: Path | None
    """SQLite's file; None with PostgreSQL."""
    files: Path


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    version: str
    """Of Shouhou."""
    made_at: str
    shop: str
    schema: str
    """Of the database; empty where it is PostgreSQL's, which is not in here."""
    shops: tuple[str, ...]
    """Those with rows in the database."""
    rows: dict[str, int]
    """By table."""
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def pictures(self) -> list[str]:
        """Members that are the guides' pictures, kept beside what people sent to be sent to buyers."""
        own = {member.sha256 for name, member in self.members.items() if name.startswith(SHOP)}
        return [name for name in self._files if self.members[name].sha256 in own]

    @property
    def sent(self) -> list[str]:
        """Members that people sent."""
        return sorted({*self._files} - {*self.pictures})

    @property
    def _files(self) -> list[str]:
        return [name for name in self.members if name.startswith(FILES)]


def places_of(folder: Path, storage: Storage, database: str | None) -> Places:
    """`database`: SQLite's file as the settings have it."""
    return Places(folder, storage.shop, folder / database if database else None, folder / storage.files)


class Packing:
    """A backup that is being written; to be entered, so that its file is not touched any more afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """What people send is pressed already."""
        stored = zipfile.ZipInfo(name) if name.startswith(FILES) else name
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, self._zip.open(stored, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.members[name] = Member(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Nothing is added after the manifest."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        self._zip.writestr(_MANIFEST, text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


class Unpacking:
    """A backup that is read; BackupError when it is none, or not whole."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._zip, self._path = archive, path
        self.manifest = self._read()

    def _read(self) -> Manifest:
        try:
            found = json.loads(self._zip.read(_MANIFEST))
            members = {name: Member(**each) for name, each in found.pop("members").items()}
            manifest = Manifest(**{**found, "shops": tuple(found["shops"])}, members=members)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BackupError(
                f"{self._path} is no backup of ours: it has no manifest that can be read"
            ) from None
        refuse_newer(manifest.schema or None)
        there = {info.filename for info in self._zip.infolist()} - {_MANIFEST}
        for name in there ^ manifest.members.keys():
            raise BackupError(f"{self._path} is not whole: {name} is not in both its manifest and the file")
        for name in there:
            if not _NAME.fullmatch(name) or ".." in name.split("/"):
                raise BackupError(f"{self._path} would write to {name!r}, where no backup of ours does")
        return manifest

    def verify(self, tell: Tell) -> None:
        """Each byte against the manifest."""
        whole, done = sum(member.size for member in self.manifest.members.values()), 0
        for name in self.manifest.members:
            for size in self._copied(name, None):
                done += size
                tell("verifying", done, whole)

    def extract(self, name: str, to: Path) -> None:
        """To a new file, on the disk when this returns; readable by its owner only, but for settings, phrases and replies."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _mode(name)), "wb") as file:
            for _ in self._copied(name, file):
                pass
            file.flush()
            os.fsync(file.fileno())

    def _copied(self, name: str, to: IO[bytes] | None) -> Iterator[int]:
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    if to:
                        to.write(chunk)
                    yield len(chunk)
        except (zipfile.BadZipFile, EOFError) as error:
            raise BackupError(f"{self._path} is damaged: {name}: {error}") from None
        if digest.hexdigest() != self.manifest.members[name].sha256:
            raise BackupError(f"{self._path} is damaged: {name} is not what it was when the backup was made")


def _mode(name: str) -> int:
    """With which a member is laid down: the shop's own files as `shouhou init` lays them, for who serves the shop may be another
    user than who puts them back."""
    return 0o666 if name.startswith(SHOP) and name != f"{SHOP}{SECRET_KEY}" else 0o600


@contextmanager
def opened(path: Path) -> Iterator[Unpacking]:
    """A backup; BackupError when this is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Unpacking(archive, path)
    except zipfile.BadZipFile as error:
        raise BackupError(f"{path} is no backup, or not all of one: {error}") from None
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename} is not there") from None
