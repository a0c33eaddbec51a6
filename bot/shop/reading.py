"""A file's bytes as text, in whichever encoding a spreadsheet wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import ImportRefused

LARGEST = 256 * 1024 * 1024
"""Bytes; about a million order lines."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how it was read."""

    text: str
    encoding: str
    note: str = ""
    """What the owner should know of it; empty for plain UTF-8."""


def read_text(path: Path) -> Decoded:
    """The file's text; `ImportRefused` when it can't be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise ImportRefused(f"is larger than {LARGEST // 1024 // 1024} MB; split it")
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise ImportRefused("there is no such file") from None
    except OSError as error:
        raise ImportRefused(f"can't be read: {error.strerror}") from None


def decode(raw: bytes) -> Decoded:
    """UTF-8 with or without a mark, UTF-16 with one, else GB18030 as Excel in China writes CSV."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(_strict(raw, "utf-16"), "UTF-16", "read as UTF-16, as Excel saves “Unicode text”")
    try:
        return Decoded(raw.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        note = "is not UTF-8; read as GB18030, as Excel in China writes CSV. Look at the names before you trust them"
        return Decoded(_strict(raw, "gb18030"), "GB18030", note)


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            f"line {line}: is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8"
        ) from None
