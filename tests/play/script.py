"""Dialogue files: what people do, step by step, and what must come of it.

A file is a list of scenes. A scene says under which name and conditions it is played and holds a `talk`, its steps. A
step has one doer and any number of checks:

    - buyer: 我的快递到哪了            # what the buyer writes; a list is written in one go
      says: track_parcel/where        # the replies that reach the buyer by name, all of them, in order
      bot: [长沙转运中心, 圆通]          # words that must stand in them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from tests.play.clock import OPENING

FOLDER = Path(__file__).parents[1] / "dialogues"

DOERS = {
    "buyer": "writes; `{case}` stands for the number of their newest case",
    "taps": "taps the newest button whose label holds this",
    "forges": "a tap that no button carries: its payload",
    "sends": "a number of photos, or {photos, caption}, or {medium: voice}",
    "edits": "changes the last message they wrote into this",
    "command": "a slash command without its slash",
    "link": "opens the shop's signed link to this order; {order, days: -1} is one that ran out yesterday",
    "contact": "shares a phone number as their own; {phone, own: false} is somebody else's",
    "garbled": "their messenger sends what nobody can read",
    "agent": "`claim`, `say: words`, `refuse: why`; {does, text, then, who, order, case, seen} to be exact",
    "shop": "{ships: order} without a parcel, or {parcel, of, state, news}, perhaps with {by: carrier, eta: 2d}",
    "courier": "what the online carrier knows from now on: {parcel, of: its code there, state, news}; or it turns {silent}",
    "later": "time passes: 73h, 6d, 30m",
}
CHECKS = {
    "says": "replies to the buyer by name",
    "posts": "posts on the desk by name",
    "bot": "words the buyer reads",
    "not": "words the buyer does not read",
    "buttons": "labels under the replies",
    "silent": "nothing reaches the buyer",
    "desk": "words the desk reads",
    "case": "state of the newest case, or of the case by order number",
    "holder": "who holds the conversation",
    "evidence": "files with the newest case",
    "owns": "order numbers known to be theirs",
    "language": "the language from here on; until one is named it is the file's",
}
SETTINGS = ("scene", "buyer", "orders", "at", "carrier", "waiting", "settings", "staff", "talk")
CARRIERS = ("stored", "online", "silent", "slow")
_QUICK: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does, and what is expected then."""

    doer: str
    what: Any
    checks: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    """Its place in the scene, from 1."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation from its beginning."""

    name: str
    language: str
    file: Path
    steps: tuple[Step, ...]
    orders: tuple[str, ...] = ()
    """Orders that are known to be the buyer's from the start."""
    buyer: str = ""
    """What the buyer is called."""
    at: str = ""
    """Shop time at the start, ``HH:MM``; ten in the morning when not said."""
    carrier: str = "stored"
    """Where news of parcels come from: what was imported, or a carrier that is online, silent or slow."""
    waiting: int = 0
    """How many others wait for an agent already."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings of the shop that are not the default, such as ``policy.no_reason_days``."""

    staff: Mapping[str, str] = field(default_factory=dict)
    """Who has an account, by name: their role. Others act as agents."""

    @property
    def environ(self) -> dict[str, str]:
        """Its settings as variables of the environment."""
        return {f"SHOUHOU_{name}".replace(".", "__").upper(): value for name, value in self.settings.items()}

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

    def lived_through(self) -> Iterator[tuple[str, str]]:
        """(language, reply) of everything its checks name; what is posted on the desk is in the shop's main language."""
        spoken = self.language
        for step in self.steps:
            spoken = step.checks.get("language", spoken)
            yield from ((spoken, name) for name in listed(step.checks.get("says")))
            yield from ((self.language, name) for name in listed(step.checks.get("posts")))


@cache
def scenes() -> tuple[Scene, ...]:
    """Every scene of every dialogue file."""
    return tuple(scene for path in sorted(FOLDER.glob("*/*.yaml")) for scene in _read(path))


def over_telegram() -> list[Scene]:
    """The last scene of each file that has four or more."""
    files = (list(of_file) for _, of_file in groupby(scenes(), key=lambda scene: scene.file))
    return [found[-1] for found in files if len(found) > 3]


def in_web_chat() -> list[Scene]:
    """All others: behind the door both ways are the same, and this one is quicker."""
    elsewhere = {scene.id for scene in over_telegram()}
    return [scene for scene in scenes() if scene.id not in elsewhere]


def listed(value: Any) -> list[str]:
    """One thing or several, as text."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _read(path: Path) -> Iterator[Scene]:
    for raw in yaml.load(path.read_text(encoding="utf-8"), _QUICK):  # noqa: S506 -- safe, only quicker
        title = f"{path.parent.name}/{path.name}: {raw.get('scene')}"
        if unknown := raw.keys() - set(SETTINGS):
            raise ValueError(f"{title} has unknown keys {sorted(unknown)}")
        if raw.get("carrier", "stored") not in CARRIERS:
            raise ValueError(f"{title}: the carrier is one of {CARRIERS}")
        yield Scene(
            raw["scene"],
            path.parent.name,
            path,
            tuple(_step(title, step, number) for number, step in enumerate(raw["talk"], 1)),
            tuple(listed(raw.get("orders"))),
            raw.get("buyer", ""),
            raw.get("at", ""),
            raw.get("carrier", "stored"),
            raw.get("waiting", 0),
            {name: str(value) for name, value in raw.get("settings", {}).items()},
            raw.get("staff", {}),
        )


def _step(title: str, raw: dict[str, Any], number: int) -> Step:
    doers = [key for key in raw if key in DOERS]
    unknown = raw.keys() - DOERS.keys() - CHECKS.keys()
    if len(doers) != 1 or unknown or isinstance(raw[doers[0]], bool):  # an unquoted yes or no is no word
        raise ValueError(
            f"{title}, step {number}: one of {list(DOERS)} and checks of {list(CHECKS)}, not {raw!r}"
        )
    return Step(doers[0], raw[doers[0]], {key: raw[key] for key in CHECKS if key in raw}, number)
