"""Keeping a copy of all a shop has: also while it is served."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.errors import BackupError
from bot.folder.archive import DATABASE, FILES, SECRET_KEY, SHOP, Manifest, Packing, Places, opened
from bot.folder.scaffold import PARTS
from bot.store.private import private_folder
from bot.store.snapshot import Holding, Tell, copy_database

KEPT_IN = Path("data/backups")
"""In the shop's folder: made where it lacks, where any other that lacks may be a disk that is not mounted."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def back_up(places: Places, target: Path, now: datetime, tell: Tell) -> Manifest:
    """Write a backup to this new file and read it again. BackupError, and no file, when it can't be made.

    The database comes first: a file that came later harms nothing, one that lacks would be missed.
    """
    try:
        with _draft(target, places.folder / KEPT_IN) as draft:
            manifest = _write(draft, places, now, tell)
            with opened(draft) as written:
                written.verify(tell)
            draft.rename(target)
    except OSError as error:
        raise BackupError(
            f"{error.filename or target}: {error.strerror}; no backup was made. Name another place, or make room there"
        ) from None
    return manifest


@contextmanager
def _draft(target: Path, own: Path) -> Iterator[Path]:
    """A file beside the target, to take its name when all is well; gone when not."""
    if target.exists():
        raise BackupError(f"{target} is there already; it was left as it is. Name another file")
    if target.parent == own:
        private_folder(own)
    elif not target.parent.is_dir():
        raise BackupError(
            f"there is no folder {target.parent}: is its disk mounted? Mount it, make the folder, or name another; no backup "
            "was made"
        )
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, places: Places, now: datetime, tell: Tell) -> Manifest:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with Packing(file) as packing:
            manifest = _packed(packing, places, draft, now, tell)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _packed(packing: Packing, places: Places, draft: Path, now: datetime, tell: Tell) -> Manifest:
    held = _pack_database(packing, places.database, draft, tell) if places.database else None
    found = [*_files(places), *_shop_files(places)]
    for done, (name, path) in enumerate(found, 1):
        packing.add(name, path)
        tell("files", done, len(found))
    manifest = _manifest(places, held, packing, now)
    packing.finish(manifest)
    return manifest


def _pack_database(packing: Packing, database: Path, draft: Path, tell: Tell) -> Holding:
    copy = draft.with_suffix(".db")
    copy.unlink(missing_ok=True)
    try:
        copy.touch(0o600)
        held = copy_database(database, copy, tell)
        packing.add(DATABASE, copy)
    finally:
        copy.unlink(missing_ok=True)
    return held


def _files(places: Places) -> Iterator[tuple[str, Path]]:
    """What people sent, without what is just being written."""
    for path in sorted(places.files.glob("*/*")):
        if _SHA256.fullmatch(path.name):
            yield f"{FILES}{path.parent.name}/{path.name}", path


def _shop_files(places: Places) -> Iterator[tuple[str, Path]]:
    for part in (*PARTS, SECRET_KEY):
        top = places.folder / part
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                yield f"{SHOP}{path.relative_to(places.folder).as_posix()}", path


def _manifest(places: Places, held: Holding | None, packing: Packing, now: datetime) -> Manifest:
    return Manifest(
        version=_version(),
        made_at=now.isoformat(timespec="seconds"),
        shop=places.shop,
        schema=held.schema if held else "",
        shops=held.shops if held else (),
        rows=held.rows if held else {},
        members=packing.members,
    )


def _version() -> str:
    try:
        return version("shouhou")
    except PackageNotFoundError:  # a checkout that is not installed
        return ""
