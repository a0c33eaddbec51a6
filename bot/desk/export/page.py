"""What is kept of a buyer, as a ZIP with a page to be read on its own, without a script. Everything in it is escaped."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.channels.web.files import Files
from bot.desk.dossier.archive import pack
from bot.desk.dossier.exhibits import Exhibit, looked_at
from bot.desk.dossier.labels import Labels
from bot.desk.dossier.page import text_of
from bot.desk.export.facts import facts
from bot.desk.export.holdings import Holdings
from bot.desk.printed import printed


async def write(path: Path, held: Holdings, files: Files, labels: Labels) -> str:
    """Write the ZIP, whole or not at all; returns its SHA-256. StoreError when a file was lost meanwhile."""
    found = []
    for number, (sent, who, at, known) in enumerate(held.sent(), 1):
        found.append(await looked_at(known, files, Exhibit(number, sent, who, at, evidence=False)))
    html = await asyncio.to_thread(page, held, found, labels)
    return await pack(path, {"index.html": html, "buyer.json": facts(held, found)}, found, files)


def page(held: Holdings, found: list[Exhibit], labels: Labels) -> str:
    """The HTML."""
    return printed(
        "export.html",
        labels,
        held=held,
        found=found,
        numbers={one.sent.ref: one.number for one in found},
        text_of=text_of,
    )
