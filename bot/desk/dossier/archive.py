"""The dossier as a ZIP. The same material makes the same bytes, so that its own hash can be quoted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from bot.channels.web.files import Files
from bot.desk.dossier.exhibits import Exhibit, exhibits
from bot.desk.dossier.facts import facts
from bot.desk.dossier.labels import Labels
from bot.desk.dossier.material import Material
from bot.desk.dossier.page import page
from bot.errors import StoreError

SUMS = "SHA256SUMS"
"""The hash of every other file in the ZIP, as `sha256sum --check` reads it."""
_UNIX = 3
_MODE = 0o644 << 16


async def write(path: Path, material: Material, files: Files, labels: Labels) -> str:
    """Write the ZIP, whole or not at all; returns its SHA-256. StoreError when a file was lost meanwhile."""
    found = await exhibits(material, files)
    html = await asyncio.to_thread(page, material, found, labels)
    return await pack(path, {"index.html": html, "case.json": facts(material, found)}, found, files)


async def pack(path: Path, texts: Mapping[str, str], found: Iterable[Exhibit], files: Files) -> str:
    """Write these texts, the exhibits and their hashes into a ZIP only we can read, whole or not at all; returns its SHA-256.
    StoreError when a file was lost meanwhile, or when nothing can be written there."""
    part = path.with_name(f"{path.name}.part")
    try:
        await asyncio.to_thread(part.touch, 0o600)
        try:
            await _fill(part, texts, found, files)
            await asyncio.to_thread(part.replace, path)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return await asyncio.to_thread(_digest, path)
    except OSError as error:
        raise StoreError(
            f"{path} can't be written: {error.strerror}. Name another place, in a folder that is there, or make room"
        ) from None


async def _fill(path: Path, texts: Mapping[str, str], found: Iterable[Exhibit], files: Files) -> None:
    sums: dict[str, str] = {}
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for name, text in texts.items():
            _put(archive, name, _bytes(text), sums)
        for one in found:
            if not one.path:
                continue
            content = await files.load(one.ref)
            if content is None or one.sha256 != hashlib.sha256(content).hexdigest():
                raise StoreError(f"the file {one.ref} changed while the ZIP was written; make it again")
            await asyncio.to_thread(_put, archive, one.path, content, sums)
        listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        _put(archive, SUMS, listed.encode(), {})


def _put(archive: ZipFile, name: str, content: bytes, sums: dict[str, str]) -> None:
    """Without compression and without today's date, which would differ from one machine or day to the next."""
    info = ZipInfo(name)
    info.create_system, info.external_attr = _UNIX, _MODE
    archive.writestr(info, content)
    sums[name] = hashlib.sha256(content).hexdigest()


def _bytes(text: str) -> bytes:
    """UTF-8; halves of characters, which a messenger may deliver, become question marks."""
    return text.encode("utf-8", "replace")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
