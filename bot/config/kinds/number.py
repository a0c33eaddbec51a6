"""Numbers; amounts of money are something else."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    @property
    def allowed(self) -> str:
        return f"whole numbers from {self.least} to {self.most}"

    def read(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise ValueError("is not a whole number")
        number = int(text)
        if not self.least <= number <= self.most:
            raise ValueError("is out of bounds")
        return number

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days something is kept; 0: for ever."""

    least: int = 1

    @property
    def allowed(self) -> str:
        return f"0 for ever, or days from {self.least} to {_MOST_DAYS}"

    def read(self, text: str) -> int:
        days = Whole(0, _MOST_DAYS).read(text)
        if 0 < days < self.least:
            raise ValueError("is too short")
        return days

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; not for money."""

    least: float
    most: float

    @property
    def allowed(self) -> str:
        return f"numbers from {self.least:g} to {self.most:g}"

    def read(self, text: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise ValueError("is not a number")
        number = float(text)
        if not self.least <= number <= self.most:
            raise ValueError("is out of bounds")
        return number

    def write(self, value: float) -> str:
        return f"{value:g}"
