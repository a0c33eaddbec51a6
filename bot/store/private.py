"""What buyers wrote is their shop's only: no other user of the machine reads it."""

from __future__ import annotations

from pathlib import Path

FILE, FOLDER = 0o600, 0o700
"""Whatever the umask allows beyond that."""


def private_folder(folder: Path) -> None:
    """Make it, with those it stands in, where they are not there yet; one that is there stays as it is."""
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(FOLDER, exist_ok=True)
