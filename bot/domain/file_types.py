"""What a file is, told by its first bytes; its name and what the sender says prove nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.messages import Medium


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file we know."""

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
WEBM = FileType("video/webm", ".webm", Medium.VIDEO)
OGG = FileType("audio/ogg", ".ogg", Medium.VOICE)
MP3 = FileType("audio/mpeg", ".mp3", Medium.VOICE)
M4A = FileType("audio/mp4", ".m4a", Medium.VOICE)
WAV = FileType("audio/wav", ".wav", Medium.VOICE)
FLAC = FileType("audio/flac", ".flac", Medium.VOICE)
GZIP = FileType("application/gzip", ".gz", Medium.DOCUMENT)
"""Telegram's animated stickers (.tgs) are this, and so is anything else that was packed."""
UNKNOWN = FileType("application/octet-stream", ".bin", Medium.OTHER)
"""None of these: kept as it came, and only ever handed out as a download."""

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"\x1aE\xdf\xa3", WEBM),
    (b"OggS", OGG),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"fLaC", FLAC),
    (b"\x1f\x8b\x08", GZIP),
)
_RIFF = {b"WEBP": WEBP, b"WAVE": WAV}
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash"), MP4),
    **dict.fromkeys((b"M4V ", b"M4VH", b"MSNV", b"3gp4", b"3gp5"), MP4),
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    b"qt  ": MOV,
}

_BY_MIME = {
    kind.mime: kind for kind in (*(kind for _, kind in _STARTS), *_RIFF.values(), *_BRANDS.values(), UNKNOWN)
}


def type_named(mime: str) -> FileType:
    """The type of a file that was looked at before."""
    return _BY_MIME.get(mime, UNKNOWN)


def type_of(content: bytes) -> FileType | None:
    """The file's type, None when it is none we know."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12])
    return _BRANDS.get(content[8:12]) if content[4:8] == b"ftyp" else None
