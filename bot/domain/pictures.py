"""How large a picture says it is: a few kilobytes can unpack to gigabytes in the browser of who looks at them."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.file_types import GIF, JPEG, PNG, WEBP, FileType

MOST_PIXELS = 64_000_000
"""Of a picture that is shown: 256 MB once unpacked. The largest that phones take in 10 MB has fewer."""
_LOOKS = 4096
"""Parts of a file that are passed over to find the size; a picture of a camera has some dozens."""
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers of the segment that holds the size (ITU-T T.81, table B.1)."""
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})
"""JPEG markers without a segment."""
_PADDING = re.compile(rb"\xff+")
_ENDLESS = MOST_PIXELS + 1
"""Of what hides its size behind more parts than any camera writes."""


def too_many_pixels(content: bytes, kind: FileType | None) -> bool:
    """True for a picture nobody should have to unpack. What its header does not tell, no browser shows either."""
    measure = _MEASURES.get(kind) if kind else None
    return measure is not None and measure(content) > MOST_PIXELS


def _png(content: bytes) -> int:
    if content[12:16] != b"IHDR":
        return 0
    return _number(content, 16, 4) * _number(content, 20, 4)


def _gif(content: bytes) -> int:
    """The screen, or the first frame where that is larger: browsers make room for it."""
    screen = _little(content, 6, 2) * _little(content, 8, 2)
    at = 13 + _colours(content, 10)
    inside = False
    for _ in range(_LOOKS):
        kind, size = content[at : at + 1], _number(content, at, 1)
        if inside:  # a part of an extension, which begins with its size; the last one has none
            inside, at = size > 0, at + 1 + size
        elif kind == b",":
            return max(screen, _little(content, at + 5, 2) * _little(content, at + 7, 2))
        elif kind == b"!":
            inside, at = True, at + 2
        else:
            return screen
    return _ENDLESS


def _colours(content: bytes, at: int) -> int:
    """Bytes of the table of colours that the flags there tell of."""
    flags = _number(content, at, 1)
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _jpeg(content: bytes) -> int:
    at = 2
    for _ in range(_LOOKS):
        padded = _PADDING.match(content, at)
        if padded is None:
            return 0
        at = padded.end() - 1
        marker = _number(content, at + 1, 1)
        if marker in _SIZES:
            return _number(content, at + 5, 2) * _number(content, at + 7, 2)
        at += 2 if marker in _ALONE else 2 + max(_number(content, at + 2, 2), 2)
    return _ENDLESS


def _webp(content: bytes) -> int:
    part = content[12:16]
    if part == b"VP8X":
        return (_little(content, 24, 3) + 1) * (_little(content, 27, 3) + 1)
    if part == b"VP8L":
        bits = _little(content, 21, 4)
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (_little(content, 26, 2) & 0x3FFF) * (_little(content, 28, 2) & 0x3FFF)


_MEASURES: dict[FileType, Callable[[bytes], int]] = {PNG: _png, GIF: _gif, JPEG: _jpeg, WEBP: _webp}


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "big")


def _little(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")
