"""The files of a dossier: each looked at again, so that its hash speaks of what lies in the ZIP."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.web.files import Files
from bot.desk.dossier.material import Material
from bot.domain.cases import Entry, Role
from bot.domain.file_types import UNKNOWN, type_of
from bot.domain.files import OURS, Filed, FileState, origin_of
from bot.domain.messages import Attachment, Speaker
from bot.domain.pictures import too_many_pixels

_SPEAKERS = {Role.BUYER: Speaker.BUYER, Role.AGENT: Speaker.AGENT}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file that was sent, as the dossier shows it."""

    number: int
    """From 1, in the order the files came."""
    sent: Attachment
    by: Speaker
    at: datetime
    evidence: bool
    """Given as evidence for this case, not only sent in the conversation."""
    ref: str = ""
    """Where it is kept; empty when it is not."""
    path: str = ""
    """Its name in the ZIP, made up by us; empty when it is not in there."""
    sha256: str = ""
    mime: str = ""
    size: int = 0
    inline: bool = False
    """A picture the page shows."""
    trouble: str = ""
    """Why it is not in there, worded in group ``dossier`` as ``trouble_<trouble>``."""


async def exhibits(material: Material, files: Files) -> tuple[Exhibit, ...]:
    """Every file of the conversation and of the case, once, in the order they came."""
    found = []
    for number, (sent, by, at) in enumerate(_first_seen(material), 1):
        evidence = sent.ref in {one.ref for one in material.case.evidence}
        found.append(await looked_at(material.filed, files, Exhibit(number, sent, by, at, evidence)))
    return tuple(found)


def albums(found: Iterable[Exhibit]) -> tuple[tuple[Exhibit, ...], ...]:
    """The exhibits by album; what was sent alone stands alone."""
    groups: list[list[Exhibit]] = []
    for one in found:
        if groups and one.sent.album and groups[-1][0].sent.album == one.sent.album:
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(tuple(group) for group in groups)


def _first_seen(material: Material) -> Iterator[tuple[Attachment, Speaker, datetime]]:
    known: set[str] = set()
    said = ((file, line.who, line.at) for line in material.lines for file in line.attachments)
    for file, by, at in sorted((*said, *handed_in(material.history)), key=lambda one: one[2]):
        if file.ref and file.ref not in known:
            known.add(file.ref)
            yield file, by, at


def handed_in(history: Iterable[Entry]) -> Iterator[tuple[Attachment, Speaker, datetime]]:
    """The files of a case, each with who handed it in, and when."""
    for entry in history:
        for file in entry.act.evidence:
            yield file, _SPEAKERS.get(entry.act.by, Speaker.SYSTEM), entry.act.at


async def looked_at(known: Mapping[str, Filed], files: Files, one: Exhibit) -> Exhibit:
    """With what its content says of it, or why there is none. `known`: the files of its conversation, by ref."""
    filed = known.get(one.sent.ref)
    kept = one.sent if origin_of(one.sent.ref) == OURS else filed.kept if filed else None
    if kept is None:
        return _missing(one, (filed.state if filed else FileState.WAITING).value)
    content = await files.load(kept.ref)
    if content is None:
        return _missing(one, "lost")
    sha256 = await asyncio.to_thread(_digest, content)
    if kept.ref != f"{OURS}:{sha256}":
        return _missing(one, "altered")
    return _found(one, kept.ref, content, sha256)


def _found(one: Exhibit, ref: str, content: bytes, sha256: str) -> Exhibit:
    kind = type_of(content) or UNKNOWN
    return replace(
        one,
        ref=ref,
        path=f"files/{one.number:03}-{kind.medium.value}-{sha256[:8]}{kind.suffix}",
        sha256=sha256,
        mime=kind.mime,
        size=len(content),
        inline=kind.inline and not too_many_pixels(content, kind),
    )


def _missing(one: Exhibit, trouble: str) -> Exhibit:
    return replace(one, size=one.sent.size, trouble=trouble)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
