"""The shop's folder while it is served: read again when somebody edits it. What can't be used stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.folder.guides import pictures_of
from bot.folder.shop_folder import Contents, ShopFolder
from bot.store.files import FileStore

_AGAIN = 30.0
"""Seconds until the folder is watched again after that failed."""

log = structlog.get_logger(__name__)


class Rereading:
    """Has what the folder held last."""

    def __init__(
        self, folder: ShopFolder, contents: Contents, files: FileStore, changed: Callable[[], None]
    ) -> None:
        """`changed` is called once there are other contents."""
        self.contents = contents
        self._folder = folder
        self._files = files
        self._changed = changed

    async def run(self) -> None:
        """Until cancelled; nothing that stands in the folder, or can't be read there, ends the serving."""
        while True:
            try:
                async for _ in self._folder.changes():
                    await self._reread()
            except Exception:
                log.exception("the shop's folder can't be watched; it is tried again")
                await asyncio.sleep(_AGAIN)
                await self._reread()
            else:
                return

    async def keep_pictures(self) -> None:
        """The guides' pictures, beside what buyers send: from there each channel takes what it sends."""
        for picture in pictures_of(self.contents.guide_files):
            await self._files.take(picture.path, picture.attachment.ref)

    def pictures(self) -> set[str]:
        """What those are called there."""
        return {
            picture.attachment.ref.partition(":")[2] for picture in pictures_of(self.contents.guide_files)
        }

    async def _reread(self) -> None:
        try:
            await self._read()
        except Exception:
            log.exception("reading the shop's folder again failed; what was read before stays in force")

    async def _read(self) -> None:
        """Learning takes seconds: not in the loop."""
        broken = _unusable(self.contents)
        self.contents = await asyncio.to_thread(self._folder.read, self.contents)
        await self.keep_pictures()
        self._changed()
        for problem in self.contents.problems:
            log.error("a file of the shop can't be used; its last good version stays", problem=str(problem))
        for file in sorted(broken - _unusable(self.contents)):
            log.info("a file of the shop that could not be used is mended", file=file)
        log.info("the shop's phrases and replies were read again", broken=len(self.contents.problems))


def _unusable(contents: Contents) -> set[str]:
    """The files that can't be used: each problem begins with its own."""
    return {str(problem).partition(":")[0] for problem in contents.problems}
