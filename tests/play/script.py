"""Dialogue files: what people do, step by step, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from pathlib import Path
from typing import Any

import yaml

from tests.play.clock import OPENING

FOLDER = Path(__file__).parents[1] / "dialogues"
DOERS = ("buyer", "taps", "sends", "command", "contact", "agent", "later", "platform")
CHECKS = ("bot", "not", "buttons", "silent", "case", "holder", "desk", "language")
SETTINGS = ("scene", "orders", "talk", "at", "carrier", "name")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does, and what is expected then."""

    doer: str
    what: Any
    checks: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation from its beginning."""

    name: str
    language: str
    file: Path
    orders: tuple[str, ...]
    """Orders that are known to be the buyer's from the start."""
    steps: tuple[Step, ...]
    at: str = ""
    """Shop time at the start, ``HH:MM``; ten in the morning when not said."""
    carrier: str = "answers"
    """``answers`` or ``silent``."""

    def starts(self, timezone: tzinfo) -> datetime:
        """The moment the scene begins."""
        local = OPENING.astimezone(timezone)
        if not self.at:
            return local
        return datetime.combine(local.date(), time.fromisoformat(self.at), timezone)

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return f"{self.language}/{self.file.stem}: {self.name}"


def scenes() -> list[Scene]:
    """Every scene of every dialogue file."""
    return [scene for path in sorted(FOLDER.glob("*/*.yaml")) for scene in _read(path)]


def _read(path: Path) -> Iterator[Scene]:
    for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
        if unknown := raw.keys() - set(SETTINGS):
            raise ValueError(f"{path}: scene {raw.get('scene')!r} has unknown keys {unknown}")
        yield Scene(
            raw["scene"],
            path.parent.name,
            path,
            tuple(str(number) for number in raw.get("orders", ())),
            tuple(_step(path, step, number) for number, step in enumerate(raw["talk"], 1)),
            raw.get("at", ""),
            raw.get("carrier", "answers"),
        )


def _step(path: Path, raw: dict[str, Any], number: int) -> Step:
    doers = [key for key in raw if key in DOERS]
    unknown = raw.keys() - set(DOERS) - set(CHECKS)
    if len(doers) != 1 or unknown:
        raise ValueError(f"{path}: step {number} {raw!r} must have one of {DOERS} and checks of {CHECKS}; not {unknown}")
    checks = {key: value for key, value in raw.items() if key in CHECKS}
    return Step(doers[0], raw[doers[0]], checks, number)
