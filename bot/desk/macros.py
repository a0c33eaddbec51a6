"""The macros an agent may choose from, each as it would read in this conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.guard import Refusal
from bot.channels.web.text import number, word
from bot.desk.reads import Reads
from bot.desk.session import Session
from bot.domain.conversation import Conversation
from bot.errors import TemplateError
from bot.flows.macros import values
from bot.pipeline.deliveries import Render
from bot.pipeline.macros import Macros, filled
from bot.pipeline.ports import Database
from bot.pipeline.turns import Known


class MacroList:
    """Answers ``GET /desk/macros?conversation=…``."""

    def __init__(self, database: Database, reads: Reads, macros: Macros, render: Render, main: str) -> None:
        """`main` is the language of buyers whose own is not known."""
        self._database = database
        self._reads = reads
        self._macros = macros
        self._render = render
        self._main = main

    async def offered(self, request: Request, session: Session) -> Response:
        """All of the buyer's language, filled with the order that is asked for, or the one that is likely meant."""
        id_ = number(request.query_params.get("conversation"))
        conversation, known = await self._database.read(
            lambda unit: (unit.conversation(id_), unit.known([id_]).get(id_, Known()))
        )
        if conversation is None:
            raise Refusal(404, "error_not_found")
        await self._reads.conversation(session, id_)
        order = word(request.query_params.get("order"), 40)
        return JSONResponse([*self._filled(conversation, known, session.agent, order)])

    def _filled(
        self, conversation: Conversation, known: Known, agent: str, order: str
    ) -> Iterator[dict[str, Any]]:
        given = values(conversation, known.orders, known.cases, agent, order)
        language = conversation.language or self._main
        for macro in self._macros(language):
            text, problem = "", macro.problem
            if not problem:
                try:
                    text = filled(self._render, macro.name, language, given)
                except TemplateError as error:
                    problem = str(error)
            yield {
                "name": macro.name,
                "title": macro.title,
                "tags": list(macro.tags),
                "then": macro.then,
                "case": given["case"].number if given["case"] else "",
                "order": given["order"].number if given["order"] else "",
                "text": text,
                "problem": problem,
            }
