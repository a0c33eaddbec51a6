"""What is wrong with a file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from bot.errors import TemplateError

GARBLED = "holds a character that could not be read (\ufffd); save the file as UTF-8 and write that word anew"


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """The file can't be used as it is."""
    WARNING = "warning"
    """It can, but a reader will stumble."""
    ALLOWED = "allowed"
    """A reader may stumble, and the owner wants it so."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong in one file."""

    path: str
    line: int
    severity: Severity
    message: str
    """What is wrong and how to mend it."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity.value}: {self.message}"

    @property
    def error(self) -> TemplateError:
        """The same as an exception, for whoever can't go on."""
        return TemplateError(f"{self.path}:{self.line}: {self.message}")


def garbled_line(text: str) -> int:
    """The line of the first mark that stands for bytes that are no text; 0 when there is none."""
    at = text.find("\ufffd")
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def nearest(name: str, names: Iterable[str]) -> str:
    """`` — did you mean …?`` when one of the names is close; otherwise the list of them, if it is short."""
    known = sorted(names)
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=60)
    if found:
        return f" — did you mean {found[0]!r}?"
    return f"; there is {', '.join(known)}" if 0 < len(known) <= 24 else ""
