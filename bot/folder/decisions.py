"""What an owner decided about suggestions, and what the numbers they were shown stand for: a small file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

FILE = Path("data/learn.json")
"""Below the shop's folder, beside its database."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is remembered between two calls of `shouhou learn`."""

    shown: tuple[str, ...] = ()
    """Phrases in the order they were listed last: the first has number 1."""
    rejected: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """From the file; none from one that is missing or is no such file."""
        try:
            data: Any = json.loads(path.read_text("utf-8"))
            return cls(_texts(data["shown"]), _texts(data["rejected"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, path: Path) -> None:
        """Into the file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a file so that whoever reads it at the same time finds the old text or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8", newline="")
    draft.replace(path)


def _texts(data: Any) -> tuple[str, ...]:
    return tuple(text for text in data if isinstance(text, str))
