"""Addresses and paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.config.kinds.text import LONGEST, quoted

PASSWORDS = frozenset({"password", "sslpassword", "passwd"})
"""What a database's driver takes for one in an address's query."""
_PASSWORD = re.compile(rf"(://[^:/@\s]*:).*(@)|((?:{'|'.join(PASSWORDS)})=)[^&\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Url:
    """An address with one of these schemes."""

    schemes: tuple[str, ...]
    may_be_empty: bool = False

    @property
    def allowed(self) -> str:
        begun = ", ".join(f"{scheme}://…" for scheme in self.schemes)
        return f"{begun}, or empty" if self.may_be_empty else begun

    def read(self, text: str) -> str:
        if not text and self.may_be_empty:
            return text
        if not text.isprintable() or " " in text or len(text) > LONGEST:
            raise ValueError("is not an address" if text else "is empty")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError("is not an address") from None
        if parts.scheme not in self.schemes or not (parts.netloc or parts.scheme == "sqlite") or port == 0:
            raise ValueError("is not such an address")
        return text

    def write(self, value: str) -> str:
        return quoted(masked(value))


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder; relative to the folder the command is run in."""

    allowed: str = "a path"

    def read(self, text: str) -> Path:
        if not text or not text.isprintable():
            raise ValueError("is not a path" if text else "is empty")
        return Path(text)

    def write(self, value: Path) -> str:
        return quoted(value.as_posix())


def masked(text: str) -> str:
    """The text without the password an address may hold."""
    return _PASSWORD.sub(lambda found: f"{found[1] or found[3]}***{found[2] or ''}", text)
