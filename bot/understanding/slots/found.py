"""What was read out of a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Doubt(StrEnum):
    """Why a value may not be what the buyer meant."""

    CHECK_DIGIT = "check_digit"
    """The number breaks its carrier's own rule: a digit is likely mistyped."""
    REPAIRED = "repaired"
    """The buyer typed a number one slip away from this one of theirs."""


@dataclass(slots=True)
class Found:
    """Slots read so far, and which of them are (nearly) the whole message."""

    slots: dict[str, str] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    """By slot; a slot in doubt is never exact."""

    def put(self, name: str, value: str, exact: bool = False, doubt: Doubt | None = None) -> None:
        """Keep a value; the first reading of a slot stays."""
        if name in self.slots:
            return
        self.slots[name] = value
        if doubt is not None:
            self.doubts[name] = doubt
        elif exact:
            self.exact.add(name)
