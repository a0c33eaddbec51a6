"""Reading the files of a shop's folder: what owners wrote, as text, and what is wrong with those that can't be read."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 256 * 1024
"""The largest file read."""


@dataclass(slots=True)
class Texts:
    """Files by their path below the folder."""

    read: dict[str, str] = field(default_factory=dict)
    """Their texts; odd bytes are U+FFFD there, which the check of the file then points at."""
    unread: dict[str, str] = field(default_factory=dict)
    """What is wrong with the others, and how to mend it."""


def read_texts(folder: Path, *patterns: str) -> Texts:
    """The files of these names. Folders, links that lead nowhere and what editors put there for themselves (their names
    begin with a dot) are none; neither is a file that goes while it is looked at."""
    found = Texts()
    for path in sorted(path for pattern in patterns for path in _named(folder, pattern)):
        name = path.relative_to(folder).as_posix()
        try:
            raw = _bytes(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            found.unread[name] = f"{name}: can't be read ({error.strerror}); let the bot's user read it"
            continue
        if raw is not None and len(raw) > MAX_BYTES:
            found.unread[name] = f"{name}: larger than {MAX_BYTES // 1024} KiB; split it"
        elif raw is not None:
            found.read[name] = raw.decode("utf-8-sig", errors="replace")
    return found


def _named(folder: Path, pattern: str) -> Iterator[Path]:
    for path in folder.glob(pattern):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _bytes(path: Path) -> bytes | None:
    """The file's bytes, one more than may be where there are too many; None for what is no file."""
    if not stat.S_ISREG(path.stat().st_mode):
        return None
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
