"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How it stands."""

    OK = "ok"
    CONSIDER = "to consider"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and how to mend it."""

    area: str
    what: str
    grade: Grade
    told: str
    mend: str = ""
    """Empty where there is nothing to mend."""


@dataclass(frozen=True, slots=True)
class Area:
    """Findings about one part of the shop."""

    name: str

    def ok(self, what: str, told: str) -> Finding:
        """It is as it should be."""
        return Finding(self.name, what, Grade.OK, told)

    def consider(self, what: str, told: str, mend: str) -> Finding:
        """It may be meant so."""
        return Finding(self.name, what, Grade.CONSIDER, told, mend)

    def wrong(self, what: str, told: str, mend: str) -> Finding:
        """It keeps the shop from serving well."""
        return Finding(self.name, what, Grade.WRONG, told, mend)
