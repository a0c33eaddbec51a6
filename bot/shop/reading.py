"""A file's bytes as text, in whichever encoding a spreadsheet wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ImportRefused

LARGEST = 256 * 1024 * 1024
"""Bytes; about a million order lines."""


_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}<(?:!doctype|html|head|meta|table|\?xml)\b", re.IGNORECASE)


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
    if other := _no_csv(raw):
        raise ImportRefused(other)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(_strict(raw, "utf-16"), "UTF-16", "read as UTF-16, as Excel saves “Unicode text”")
    try:
        return Decoded(raw.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        note = "is not UTF-8; read as GB18030, as Excel in China writes CSV. Look at the names before you trust them"
        return Decoded(_strict(raw, "gb18030"), "GB18030", note)


def _no_csv(raw: bytes) -> str:
    """What a file is that somebody took for CSV, and what to do; empty when it may be CSV."""
    if raw.startswith(b"PK\x03\x04"):
        if b"xl/workbook" in raw:
            return "this is an Excel workbook: save it as CSV UTF-8"
        if _OPEN_DOCUMENT in raw[:200]:
            return "this is an OpenDocument spreadsheet: save it as CSV UTF-8"
        return "this is a ZIP archive: unpack it, and import the CSV files in it"
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "this is an Excel workbook: save it as CSV UTF-8"
    if _WEB_PAGE.match(raw):
        return "this is a web page, as some shops export tables: open it in a spreadsheet and save it as CSV UTF-8"
    return ""


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            f"line {line}: is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8"
        ) from None
