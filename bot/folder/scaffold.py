"""Laying out a new shop's folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import FolderError

PARTS = ("config.yaml", "intents", "replies")


def starter() -> Path:
    """Where the starter shop is: in the package when installed from a wheel, the checkout's root otherwise."""
    package = Path(__file__).parents[1]
    return package / "starter" if (package / "starter").is_dir() else package.parent


def lay_out(folder: Path) -> list[Path]:
    """Copy the starter shop; FolderError when something of it is already there. Returns what was made."""
    if taken := [name for name in PARTS if (folder / name).exists()]:
        raise FolderError(
            f"{folder} already has {', '.join(taken)}; nothing was changed. Choose another name."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        source = starter() / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    return [folder / name for name in PARTS]
