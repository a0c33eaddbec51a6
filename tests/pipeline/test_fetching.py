"""Files are fetched a few at a time, and the next as soon as there is room."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline import fetcher as module
from bot.pipeline.fetcher import Fetcher
from bot.pipeline.turns import Line, Outturn
from bot.pipeline.wake import Wake
from tests.pipeline.rig import Rig


class Origin:
    """A messenger that hands out files, and tells when it has handed out so many."""

    name = "telegram"

    def __init__(self, files: int) -> None:
        self._left = files
        self.all_fetched = asyncio.Event()

    async def fetch(self, ref: str, most: int) -> bytes:
        self._left -= 1
        if not self._left:
            self.all_fetched.set()
        return ref.encode()


class Keep:
    """Where files are kept."""

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        return Attachment(Medium.DOCUMENT, f"file:{content.hex():0>64}", name)


async def test_who_waits_for_room_to_fetch_is_told_as_soon_as_there_is_some(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_FLIGHT", 1)
    monkeypatch.setattr(module, "_IDLE", 3600)  # nobody looks by themselves
    ann = await rig.conversation("ann")
    sent = tuple(Attachment(Medium.PHOTO, f"telegram:{number}", "", 9) for number in range(4))
    said = Line(Speaker.BUYER, "", rig.clock(), attachments=sent)
    await rig.database.write(lambda unit: unit.commit([Outturn((), ann, ann, lines=(said,))], rig.clock()))
    origin = Origin(len(sent))
    fetcher = Fetcher(
        rig.database, [origin], Keep(), rig.clock, Wake(), holder=None, largest=99, arrived=lambda _: None
    )
    fetching = asyncio.create_task(fetcher.run())
    try:
        async with asyncio.timeout(20):
            await origin.all_fetched.wait()
    finally:
        fetching.cancel()
        await fetcher.close()
