"""What somebody wrote for a setting, before it is looked into, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_ALIKE = 60
"""How alike (0 to 100) a name must be to be proposed."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as written."""

    name: str
    """The setting, such as ``web.port``."""
    value: str | tuple[str, ...]
    origin: str
    """``config.yaml:12`` or ``SHOUHOU_WEB__PORT``."""
    quoted: bool = False
    """Quotes make it text, whatever it looks like."""
    commas: bool = False
    """A list is written with commas, as in the environment."""
    until: str = ""
    """It held for orders placed up to this day; empty: it holds now."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, by itself or by its last part; empty when none is."""
    last = name.replace("__", ".").rpartition(".")[2]
    names = sorted(known)
    best = process.extractOne(name, names, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_ALIKE)
    parts = [one.replace("__", ".").rpartition(".")[2] for one in names]
    part = process.extractOne(last, parts, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_ALIKE + 15)
    if best and (not part or best[1] >= part[1]):
        return best[0]
    return names[part[2]] if part else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name; empty when nothing is like it."""
    found = nearest(name, known)
    return f"; did you mean {found}?" if found else ""
