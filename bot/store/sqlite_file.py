"""The file a SQLite database is kept in: only its owner's, and watched, for who has an open file learns nothing when it is deleted."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import StoreError, StoreGone
from bot.store.private import FILE, private_folder

_MEMORY = ("", ":memory:")


class SqliteFile:
    """Made where there is none yet; what SQLite puts beside it may be read by whom it may be read by."""

    def __init__(self, path: str) -> None:
        """`path` as the database's address has it. OSError when it can't be made."""
        self._path = Path(path)
        self._watched = path not in _MEMORY
        if self._watched:
            private_folder(self._path.parent)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, FILE))
            self._made = self._identity()

    def look(self) -> None:
        """StoreGone when another file stands there by now, or none: what is written would be lost with this process."""
        if self._watched and self._identity() != self._made:
            raise StoreGone(
                f"{self._path.absolute()} was deleted or replaced while the shop is served; nothing is taken or sent any more. "
                "Put the same file back where it was moved away. Where it was deleted, copy it, before you stop the shop, from "
                f"/proc/{os.getpid()}/fd (ls -l shows which; with the one that ends in -wal), stop the shop and lay both there; "
                "or stop it and put a backup back with shouhou restore"
            )

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def there_is_one(path: Path) -> None:
    """StoreError when no database was made there yet: who only looks makes none."""
    if not path.is_file():
        raise StoreError(
            f"there is no database yet at {path.absolute()}: the first start of the shop makes it, with shouhou run. If there "
            "was one, look whether storage.url is right and its disk is there"
        )
