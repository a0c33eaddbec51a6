"""Shops of a test's own, of whose hundreds of templates there are no copies but second names of the same files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Folder:
    """One of a shop's, by its path below the shop's own, with the names of its files."""

    below: str
    mode: int
    files: list[str]


_KNOWN: dict[Path, list[_Folder]] = {}
"""Of shops that are left alone: to look through one takes longer than to copy it."""


def copied(shop: Path, to: Path, edited: Collection[str] = ()) -> Path:
    """All of a folder below a temporary one; templates with the names in `edited` may be written to."""
    to.parent.mkdir(parents=True, exist_ok=True)
    for folder in _KNOWN.get(shop) or _inside(shop):
        there = Path(f"{to}{folder.below}")
        there.mkdir()
        there.chmod(folder.mode)
        for name in folder.files:
            copy = os.link if name.endswith(".j2") and name not in edited else shutil.copyfile
            copy(f"{shop}{folder.below}/{name}", f"{there}/{name}")
    return to


def _inside(shop: Path) -> list[_Folder]:
    """It first, each one before those in it."""
    return [
        _Folder(path.removeprefix(str(shop)), Path(path).stat().st_mode & 0o777, files)
        for path, _, files in os.walk(shop)
    ]


def reworded(template: Path, text: str) -> None:
    """Put another template into this one's place, and leave that of all other shops as it is."""
    template.unlink()
    template.write_text(text, "utf-8")


@contextmanager
def left_alone(shop: Path) -> Iterator[Path]:
    """Of which copies are made; in the end its templates are as they were."""
    before = _templates(shop)
    _KNOWN[shop] = _inside(shop)
    yield shop
    del _KNOWN[shop]
    assert _templates(shop) == before, "a test wrote to a template that is every shop's: see `reworded`"


def _templates(shop: Path) -> dict[Path, tuple[int, int]]:
    return {path: ((found := path.stat()).st_size, found.st_mtime_ns) for path in shop.rglob("*.j2")}
