"""Shops of a test's own, of whose hundreds of templates there are no copies but second names of the same files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path


def copied(shop: Path, to: Path, edited: Collection[str] = ()) -> Path:
    """All of a folder below a temporary one; templates with the names in `edited` may be written to."""

    def copy(source: str, target: str) -> None:
        if source.endswith(".j2") and Path(source).name not in edited:
            os.link(source, target)
        else:
            shutil.copyfile(source, target)

    return shutil.copytree(shop, to, copy_function=copy)


def reworded(template: Path, text: str) -> None:
    """Put another template into this one's place, and leave that of all other shops as it is."""
    template.unlink()
    template.write_text(text, "utf-8")


@contextmanager
def left_alone(shop: Path) -> Iterator[Path]:
    """Of which copies are made; in the end its templates are as they were."""
    before = _templates(shop)
    yield shop
    assert _templates(shop) == before, "a test wrote to a template that is every shop's: see `reworded`"


def _templates(shop: Path) -> dict[Path, tuple[int, int]]:
    return {path: ((found := path.stat()).st_size, found.st_mtime_ns) for path in shop.rglob("*.j2")}
