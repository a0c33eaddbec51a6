"""Reads on in a conversation for one stream of the chat page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.web.arriving import arrived, first_seen, standing
from bot.channels.web.lines import shown
from bot.channels.web.sse import event
from bot.domain.conversation import Conversation
from bot.domain.files import Filed
from bot.domain.messages import Attachment
from bot.pipeline.ports import Database, Unit
from bot.pipeline.turns import Line

PAGE = 200


def lines_after(unit: Unit, conversation_id: int, after: int) -> list[Line]:
    """Every line after that one."""
    found: list[Line] = []
    while True:
        page = unit.transcript(conversation_id, after, PAGE)
        found += page
        if len(page) < PAGE:
            return found
        after = page[-1].id


class ChatReading:
    """What the buyer has seen so far. What is kept among agents is never theirs to see."""

    def __init__(
        self, database: Database, conversation_id: int, after: int, link: Callable[[Attachment], str]
    ) -> None:
        self._database = database
        self._id = conversation_id
        self._after = after
        self._link = link
        self._files = first_seen(after)
        self._state: dict[str, Any] = {}
        self._gone: set[int] = set()
        self._ready = False

    async def look(self) -> list[str]:
        """What is new: lines, what was taken back, who answers, and once that the page is up to date."""
        conversation, lines, filed, gone = await self._database.read(self._read)
        events = [
            event("line", shown(line, self._link, filed) | {"delivery": ""}, line.id)
            for line in lines
            if not line.who.internal and not line.gone
        ]
        events += [event("gone", {"id": number}) for number in gone if number not in self._gone]
        self._gone.update(gone)
        events += arrived(filed, self._files, self._link)
        self._files = standing(filed)
        if lines:
            self._after = lines[-1].id
        state = {"holder": conversation.holder.value, "agent": conversation.agent} if conversation else {}
        if state != self._state:
            events.append(event("state", state))
            self._state = state
        if not self._ready:
            events.append(event("ready", {}))
            self._ready = True
        return events

    def _read(self, unit: Unit) -> tuple[Conversation | None, list[Line], dict[str, Filed], list[int]]:
        lines = lines_after(unit, self._id, self._after)
        return unit.conversation(self._id), lines, unit.filed(self._id), unit.taken_back(self._id)
