"""Hands out the dossier of a case to whoever is signed in at the desk."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from bot.channels.web.files import Files
from bot.channels.web.guard import Refusal
from bot.channels.web.pages import Words
from bot.desk.dossier import Labels, gather, write
from bot.domain.policy import Policy
from bot.pipeline.ports import Database

log = structlog.get_logger(__name__)


class Dossiers:
    """Makes a dossier anew each time it is asked for."""

    def __init__(
        self, database: Database, files: Files, words: Words, policy: Callable[[], Policy], timezone: str
    ) -> None:
        self._database = database
        self._files = files
        self._words = words
        self._policy = policy
        self._timezone = ZoneInfo(timezone or "UTC")

    async def of(self, number: str, language: str, account: str) -> FileResponse:
        """The ZIP, whose hash is noted in the log and told in the header `Repr-Digest` (RFC 9530)."""
        material = await self._database.read(partial(gather, number=number, policy=self._policy()))
        if material is None:
            raise Refusal(404, "error_not_found")
        folder = tempfile.TemporaryDirectory(prefix="shouhou-dossier-")
        path = Path(folder.name) / "dossier.zip"
        try:
            digest = await write(path, material, self._files, Labels(language, self._words, self._timezone))
        except BaseException:
            folder.cleanup()
            raise
        log.info("desk.dossier", case=number, language=language, account=account, sha256=digest)
        proof = base64.b64encode(bytes.fromhex(digest)).decode()
        return FileResponse(
            path,
            media_type="application/zip",
            filename=f"dossier-{number}-{language}.zip",
            headers={"Cache-Control": "no-store", "Repr-Digest": f"sha-256=:{proof}:"},
            background=BackgroundTask(folder.cleanup),
        )
