"""Files that are not what they seem: bombs, polyglots, foreign types, names that lead elsewhere."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import reader
from bot.channels.web.files import served
from bot.domain.file_types import GIF, JPEG, PNG, WEBP, FileType, type_of
from bot.domain.pictures import MOST_PIXELS, too_many_pixels
from tests.channels.web import browser as plain
from tests.channels.web.browser import Browser
from tests.channels.web.house import House

ROOT = Path(__file__).parents[3]


def png(width: int, height: int) -> bytes:
    """A real one of a single colour; a row of it packs to next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(1 + (width + 7) // 8) * min(height, 2000))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif(width: int, height: int, *, frame: tuple[int, int] = (1, 1), before: bytes = b"") -> bytes:
    colours = b"\x00\x00\x00\xff\xff\xff"
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + colours
    image = b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02L\x01\x00"
    return b"GIF89a" + screen + before + image + b";"


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    size = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + before + size + b"\xff\xd9"


def webp(part: bytes, size: bytes) -> bytes:
    return (
        b"RIFF" + struct.pack("<I", 4 + 8 + len(size)) + b"WEBP" + part + struct.pack("<I", len(size)) + size
    )


def three(number: int) -> bytes:
    return (number - 1).to_bytes(3, "little")


COMMENTS = b"!\xfe\x01x\x00"
BOMBS = {
    "PNG": png(60_000, 60_000),
    "PNG, thin": png(1, 2**31 - 1),
    "GIF": gif(65_535, 65_535),
    "GIF whose frame is larger than its screen": gif(1, 1, frame=(65_535, 65_535)),
    "GIF that hides its size": gif(1, 1, frame=(65_535, 65_535), before=COMMENTS * 10_000),
    "GIF that hides it in one part": gif(
        1, 1, frame=(65_535, 65_535), before=b"!\xfe" + b"\x01x" * 900_000 + b"\x00"
    ),
    "JPEG": jpeg(65_535, 65_535),
    "JPEG that pads": jpeg(65_535, 65_535, before=b"\xff\xff\xff\xfe\x00\x02" * 100),
    "JPEG that pads for long": jpeg(65_535, 65_535, before=b"\xff" * 1_000_000),
    "JPEG that hides its size": jpeg(65_535, 65_535, before=b"\xff\xfe\x00\x02" * 10_000),
    "WEBP": webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383)),
    "WEBP without loss": webp(b"VP8L", b"/" + (16_382 | 16_382 << 14).to_bytes(4, "little")),
    "WEBP, extended": webp(b"VP8X", bytes(4) + three(16_777_216) + three(16_777_216)),
}
PICTURES = {
    "PNG": png(4000, 3000),
    "GIF": gif(640, 480, frame=(640, 480), before=COMMENTS * 3),
    "JPEG": jpeg(8000, 6000),
    "WEBP": webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 4000, 3000)),
    "WEBP without loss": webp(b"VP8L", b"/" + (3999 | 2999 << 14).to_bytes(4, "little")),
    "WEBP, extended": webp(b"VP8X", bytes(4) + three(4000) + three(3000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_would_fill_a_browsers_memory_is_known_by_its_header(name: str) -> None:
    assert len(BOMBS[name]) < 2_000_000
    assert too_many_pixels(BOMBS[name], type_of(BOMBS[name]))


@pytest.mark.parametrize("name", PICTURES)
def test_what_cameras_take_passes(name: str) -> None:
    assert not too_many_pixels(PICTURES[name], type_of(PICTURES[name]))


def test_pictures_of_other_programs_are_measured_right() -> None:
    for path in (ROOT / "docs/pictures").glob("*.png"):
        content = path.read_bytes()
        width, height = struct.unpack(">II", content[16:24])
        assert not too_many_pixels(content, type_of(content))
        bound = content[:16] + struct.pack(">II", width, MOST_PIXELS // width + 1) + content[24:]
        assert too_many_pixels(bound, type_of(bound)), height


STARTS = {
    PNG: b"\x89PNG\r\n\x1a\n",
    GIF: b"GIF89a",
    JPEG: b"\xff\xd8\xff",
    WEBP: b"RIFF\x00\x00\x00\x00WEBPVP8",
}


@given(st.sampled_from([*STARTS]), st.binary(max_size=200))
def test_any_bytes_are_measured(kind: FileType, content: bytes) -> None:
    """Nothing breaks the measuring, whatever follows the first bytes of a type."""
    whole = STARTS[kind] + content
    assert type_of(whole) is kind
    assert isinstance(too_many_pixels(whole, kind), bool)


async def test_bombs_are_refused_with_a_reason_and_a_way_on() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        for name in ("PNG", "GIF", "JPEG", "WEBP"):
            answer = await browser.send_files(("photo.png", BOMBS[name]))
            assert (answer.status_code, answer.json()["error"]) == (413, "error_picture_too_large")
            assert "smaller" in answer.json()["message"]
        assert (house.files.kept, house.arrivals) == ({}, [])
        assert (await browser.send_files(*(("a.png", one) for one in PICTURES.values()))).status_code == 202


def test_a_bomb_that_is_kept_already_is_a_download() -> None:
    answer = served(BOMBS["PNG"], "box.png")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.media_type == "application/octet-stream"


def zipped() -> bytes:
    """Nothing, of which there is much: unpacked it is a thousand times as large."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"../{number}", bytes(1_000_000))
    return packed.getvalue()


FOREIGN = {
    "box.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "box.svg": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg>&a;</svg>",
    "box.jpg": b"<html><script>alert(1)</script>",
    "box.pdf": zipped(),
    "box.gif": gzip.compress(bytes(1_000_000)),
    "box.webp": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "box.mp4": b"\x1aE\xdf\xa3webm",
    "box.jpeg": b"MZ\x90\x00",
    "box.heic": b"#!/bin/sh\nrm -rf /",
    "empty.png": b"",
    "late.png": b" \x89PNG\r\n\x1a\n",
}


async def test_what_is_none_of_our_types_is_refused_whatever_it_is_called() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        for name, content in FOREIGN.items():
            answer = await browser.send_files((name, content))
            assert (answer.status_code, answer.json()["error"]) == (415, "error_file_type"), name
        assert (house.files.kept, house.arrivals) == ({}, [])


POLYGLOTS = {
    "GIF and script": gif(1, 1) + b"*/=1;alert(document.cookie)//",
    "GIF and page": gif(1, 1) + b"<html><script>alert(1)</script>",
    "JPEG and archive": jpeg(1, 1) + zipped(),
    "PDF and page": b"%PDF-1.7\n<html><script>alert(1)</script>",
    "PNG and PHP": png(1, 1) + b"<?php system($_GET['x']); ?>",
}


async def test_two_files_in_one_are_only_ever_the_harmless_one() -> None:
    """A browser is told the type, told not to guess, and given no origin to run anything in."""
    async with House().open() as house, Browser(house.url) as browser:
        for name, content in POLYGLOTS.items():
            assert (await browser.send_files((f"{name}.html", content))).status_code == 202
            [file] = reader.read(house.arrivals[-1].payload).attachments
            assert not file.name.endswith(".html")
            answer = served(content, file.name)
            assert answer.media_type in ("image/gif", "image/jpeg", "image/png", "application/pdf")
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/x",
        "..\\..\\windows\\system32\\x.dll",
        "/etc/passwd",
        "C:\\x",
        "a\x00.png/../../x",
        "CON",
        "....//....//x",
        "%2e%2e%2fx",
        "x\r\nContent-Type: text/html\r\n\r\n<script>",
        '"; filename="evil.html',
        "\u202egnp.exe",
        "é" * 500,
        "a" * 10_000,
    ],
)
async def test_a_name_is_never_a_path_nor_a_header(name: str) -> None:
    async with House().open() as house, Browser(house.url) as browser:
        answer = await browser.send_files((name, plain.PNG))
        assert answer.status_code in (202, 400), name
        for arrival in house.arrivals:
            [file] = reader.read(arrival.payload).attachments
            assert not set(file.name) & set("/\\\0\r\n"), file.name
            assert file.name.endswith(".png")
            assert len(file.name) < 130
            assert file.ref.startswith("file:")
            told = served(plain.PNG, file.name).headers["content-disposition"]
            assert told.isascii()
            assert not set(told) & set('\r\n"')
