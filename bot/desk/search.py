"""Finds conversations for an agent."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.text import word
from bot.desk.reads import Reads
from bot.desk.session import Session
from bot.pipeline.looks import Hit
from bot.pipeline.ports import Database

LONGEST = 80
"""Characters of what is looked for."""


class Search:
    """Answers ``GET /desk/search?words=…``."""

    def __init__(self, database: Database, reads: Reads) -> None:
        self._database = database
        self._reads = reads

    async def found(self, request: Request, session: Session) -> Response:
        """What was found, the surest first."""
        words = word(request.query_params.get("words"), LONGEST)
        if words:
            await self._reads.search(session)
        hits = await self._database.read(lambda unit: unit.search(words)) if words else []
        return JSONResponse([_shown(hit) for hit in hits])


def _shown(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.conversation_id,
        "name": hit.name,
        "channel": hit.channel,
        "kind": hit.kind.value,
        "text": hit.text,
        "at": hit.at.isoformat() if hit.at else "",
    }
