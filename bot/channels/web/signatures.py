"""What a file is, told by its first bytes; its name and what the browser says prove nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.messages import Medium


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file we take."""

    mime: str
    suffix: str
    medium: Medium
    inline: bool = False
    """A browser may show it in the page."""


JPEG = FileType("image/jpeg", ".jpg", Medium.PHOTO, inline=True)
PNG = FileType("image/png", ".png", Medium.PHOTO, inline=True)
GIF = FileType("image/gif", ".gif", Medium.PHOTO, inline=True)
WEBP = FileType("image/webp", ".webp", Medium.PHOTO, inline=True)
HEIC = FileType("image/heic", ".heic", Medium.PHOTO)
PDF = FileType("application/pdf", ".pdf", Medium.DOCUMENT)
MP4 = FileType("video/mp4", ".mp4", Medium.VIDEO)
MOV = FileType("video/quicktime", ".mov", Medium.VIDEO)

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash"), MP4),
    **dict.fromkeys((b"M4V ", b"M4VH", b"MSNV", b"3gp4", b"3gp5"), MP4),
    b"qt  ": MOV,
}


def type_of(content: bytes) -> FileType | None:
    """The file's type, None when it is none we take."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return _BRANDS.get(content[8:12]) if content[4:8] == b"ftyp" else None
