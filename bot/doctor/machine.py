"""The machine: room on its disks, and folders that must be writable."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.config import Config
from bot.doctor.finding import Area, Finding

_AREA = Area("machine")
_TIGHT, _ROOMY = 200, 2_000
"""Megabytes: below the one nothing works for long, from the other on there is room for a month."""


def check_machine(config: Config) -> Iterator[Finding]:
    """Where the shop keeps things."""
    folders = {"files": config.storage.files, "data": Path("data")}
    address = make_url(config.storage.url)
    if address.get_backend_name() == "sqlite" and address.database:
        folders["database"] = Path(address.database).parent
    seen: set[int] = set()
    for name, folder in folders.items():
        there = _nearest(folder)
        yield _writable(name, folder, there)
        if (device := there.stat().st_dev) not in seen:
            seen.add(device)
            yield _room(there, shutil.disk_usage(there).free // 2**20)


def _nearest(folder: Path) -> Path:
    """The folder, or what it will be made in."""
    whole = folder.resolve()
    return next(one for one in (whole, *whole.parents) if one.is_dir())


def _writable(name: str, folder: Path, there: Path) -> Finding:
    if os.access(there, os.W_OK | os.X_OK):
        made = "" if there == folder.resolve() else ", made at the first start"
        return _AREA.ok(f"folder of {name}", f"{folder} can be written{made}")
    return _AREA.wrong(
        f"folder of {name}",
        f"{there} can't be written by this user",
        f"give it to the user the shop runs as: chown -R shouhou {there}",
    )


def _room(there: Path, free: int) -> Finding:
    told = f"{free:,} MB free under {there}"
    mend = "make room: when the disk is full, files wait at Telegram, and then nothing can be written"
    if free < _TIGHT:
        return _AREA.wrong("disk", told, mend)
    return _AREA.consider("disk", told, mend) if free < _ROOMY else _AREA.ok("disk", told)
