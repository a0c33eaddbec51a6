"""Words: a line of them, one of a few, or true and false."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff/][\w\u4e00-\u9fff ./:+-]*")
_NOT_PLAIN = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and those that turn the direction of text; not those that join emoji."""
LONGEST = 500
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and no other words for it."""

    allowed: str = "true, false"

    def read(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("is not true or false")
        return text == "true"

    def write(self, value: bool) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""

    allowed: str = "a line of text"
    pattern: str = r".+"

    def read(self, text: str) -> str:
        if _HIDDEN.search(text) or len(text) > LONGEST:
            raise ValueError(f"is not one printable line of at most {LONGEST} characters")
        if not re.fullmatch(self.pattern, text):
            raise ValueError("does not fit" if text else "is empty")
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    names: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return ", ".join(self.names)

    def read(self, text: str) -> str:
        if text not in self.names:
            raise ValueError("is none of the choices")
        return text

    def write(self, value: str) -> str:
        return str(value)


def quoted(text: str) -> str:
    """Text as YAML: plain where it can only be read as text, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    if plain and ": " not in text and not text.endswith((":", " ")):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
