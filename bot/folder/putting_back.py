"""Putting a backup back: all of it is looked at first, and what stands there is moved aside, never overwritten."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from bot.config import Config, load
from bot.errors import BackupError
from bot.folder.archive import DATABASE, FILES, SHOP, Manifest, Places, Unpacking, opened, places_of
from bot.store.lock import ProcessLock
from bot.store.private import private_folder
from bot.store.snapshot import Tell, look_into

_BESIDE = ("", "-wal", "-shm")
"""What SQLite keeps a database in."""


@dataclass(slots=True)
class Restored:
    """What was done."""

    manifest: Manifest
    places: Places
    aside: list[Path] = field(default_factory=list)
    """What stood there before, where it is now."""


def restore(backup: Path, folder: Path, environ: Mapping[str, str], now: datetime, tell: Tell) -> Restored:
    """Put it back into this folder, as the settings in the backup and the environment have it.

    BackupError when it is damaged or can't be put back, StoreLocked while the shop is served: then nothing was changed.
    """
    try:
        with opened(backup) as unpacking, ExitStack() as stack:
            unpacking.verify(tell)
            places = _places(unpacking, folder, environ)
            if places.database:
                private_folder(places.database.parent)
                stack.enter_context(ProcessLock(Path(f"{places.database}.lock")))
            switch = Switch(f"before-restore-{now:%Y%m%d-%H%M%S}")
            with switch.all_or_nothing():
                _put_back(unpacking, places, switch, tell)
    except OSError as error:
        raise BackupError(f"{error.filename}: {error.strerror}; nothing was changed") from None
    return Restored(unpacking.manifest, places, switch.aside)


def _places(unpacking: Unpacking, folder: Path, environ: Mapping[str, str]) -> Places:
    """Where the settings say; those in the backup, under the environment's."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "config.yaml"
        unpacking.extract(f"{SHOP}config.yaml", path)
        config: Config = load(path, environ)
    url = make_url(config.storage.url)
    sqlite = url.get_backend_name() == "sqlite"
    if bool(unpacking.manifest.schema) is not sqlite:
        holds, wants = ("SQLite", "PostgreSQL") if not sqlite else ("PostgreSQL", "SQLite")
        raise BackupError(
            f"this backup is of a shop on {holds}, and storage.url ({config.origin('storage.url')}) names {wants}; "
            f"let it name {holds} for the time of the restore"
        )
    return places_of(folder, config.storage, url.database if sqlite else None)


def _put_back(unpacking: Unpacking, places: Places, switch: Switch, tell: Tell) -> None:
    """Everything is laid down beside its place; only then names change."""
    names = [name for name in unpacking.manifest.members if name != DATABASE]
    own = [name.removeprefix(SHOP) for name in names if name.startswith(SHOP)]
    _spare(places.files)
    if places.database:
        _lay_down_database(unpacking, places.database, switch)
    for done, name in enumerate(names, 1):
        if name.startswith(FILES):
            _lay_down(unpacking, name, places.files / name.removeprefix(FILES), switch)
        tell("files", done, len(names))
    for part in sorted({name.split("/")[0] if not name.startswith("data/") else name for name in own}):
        _lay_down_part(unpacking, part, places.folder, switch)
    switch.turn()


def _spare(files: Path) -> None:
    """What people sent since, which the database of then does not know, is as good as just sent: what nothing refers to is removed
    after some days."""
    for path in files.glob("*/*"):
        with suppress(OSError):
            os.utime(path)


def _lay_down_database(unpacking: Unpacking, path: Path, switch: Switch) -> None:
    new = switch.beside(path)
    unpacking.extract(DATABASE, new)
    if look_into(new).rows != unpacking.manifest.rows:
        raise BackupError("the database in the backup does not hold the rows its manifest counts")
    switch.put(new, path, *(Path(f"{path}{end}") for end in _BESIDE))


def _lay_down(unpacking: Unpacking, name: str, path: Path, switch: Switch) -> None:
    """Unless the very same is there."""
    if path.is_file() and _sha256(path) == unpacking.manifest.members[name].sha256:
        return
    new = switch.beside(path)
    unpacking.extract(name, new)
    switch.put(new, path, path)


def _lay_down_part(unpacking: Unpacking, part: str, folder: Path, switch: Switch) -> None:
    """A file or a folder of the shop's own, as a whole, unless the very same is there."""
    wanted = {
        name.removeprefix(SHOP): member.sha256
        for name, member in unpacking.manifest.members.items()
        if name == f"{SHOP}{part}" or name.startswith(f"{SHOP}{part}/")
    }
    top = folder / part
    there = [path for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file()]
    if {path.relative_to(folder).as_posix(): _sha256(path) for path in there} == wanted:
        return
    new = switch.beside(top)
    for name in wanted:
        unpacking.extract(f"{SHOP}{name}", new / Path(name).relative_to(part) if name != part else new)
    switch.put(new, top, top)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Switch:
    """New things in the place of old ones: names change at the very end, and back again if one of them can't."""

    def __init__(self, aside: str) -> None:
        self._name = aside
        self._put: list[tuple[Path, Path, tuple[Path, ...]]] = []
        self._new: list[Path] = []
        self._moved: list[tuple[Path, Path]] = []
        self.aside: list[Path] = []

    def beside(self, path: Path) -> Path:
        """Where what is to stand there is made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.restoring")
        _remove(new)
        self._new.append(new)
        return new

    def put(self, new: Path, path: Path, *old: Path) -> None:
        """To be put there by `turn`, with what stands there now moved aside."""
        self._put.append((new, path, old))

    def turn(self) -> None:
        """Now."""
        for new, path, old in self._put:
            for one in old:
                if one.exists():
                    there = one.parent / self._name / one.name
                    there.parent.mkdir(exist_ok=True)
                    self._move(one, there)
                    self.aside.append(there)
            self._move(new, path)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Whatever goes wrong in here, all names are as they were."""
        try:
            yield
        except BaseException:
            for source, target in reversed(self._moved):
                target.rename(source)
            raise
        finally:
            for new in self._new:
                _remove(new)

    def _move(self, source: Path, target: Path) -> None:
        source.rename(target)
        self._moved.append((source, target))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
