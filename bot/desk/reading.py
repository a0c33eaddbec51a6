"""Reads on for one stream of the desk: the list, and one conversation with all beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.web.arriving import Arriving
from bot.channels.web.lines import UNSETTLED, shown
from bot.channels.web.reading import lines_after
from bot.channels.web.sse import event
from bot.desk.panel import listed, panel
from bot.desk.understood import understood
from bot.domain.files import Filed
from bot.domain.messages import Attachment
from bot.pipeline.looks import Past, Waiting
from bot.pipeline.ports import Database, Unit
from bot.pipeline.turns import Known, Line


@dataclass(frozen=True, slots=True)
class _Seen:
    waiting: list[Waiting]
    lines: list[Line]
    settling: list[Line]
    panel: dict[str, Any]
    filed: dict[str, Filed]


class DeskReading:
    """What this agent's page shows so far."""

    def __init__(
        self,
        database: Database,
        conversation_id: int,
        after: int,
        link: Callable[[Attachment], str],
        language: str,
        others: Callable[[], Sequence[Mapping[str, object]]],
    ) -> None:
        """`others` tells which colleagues look at the same conversation."""
        self._database = database
        self._id = conversation_id
        self._after = after
        self._link = link
        self._files = Arriving(link, fresh=not after)
        self._language = language
        self._others_now = others
        self._others: Sequence[Mapping[str, object]] | None = None
        self._list: list[dict[str, Any]] | None = None
        self._panel: dict[str, Any] = {}
        self._past = Past()
        self._past_of: tuple[int, tuple[str, ...], tuple[str, ...]] = (-1, (), ())
        """Read again when something was said here, and when an order or a case comes."""
        self._unsettled: dict[int, str] = {}
        self._ready = False

    @property
    def settling(self) -> bool:
        """True while what is shown ends by itself: lines on their way to the buyer, colleagues who write."""
        return bool(self._unsettled) or any(other["typing"] for other in self._others or ())

    async def look(self) -> list[str]:
        """What is new since the last look."""
        seen = await self._database.read(self._read)
        events = [*self._new_list(seen.waiting), *self._new_panel(seen.panel), *self._new_lines(seen)]
        events += self._files.news(seen.filed)
        events += self._new_others()
        if not self._ready:
            events.append(event("ready", {"conversation": self._id}))
            self._ready = True
        return events

    def _read(self, unit: Unit) -> _Seen:
        if not self._id:
            return _Seen(unit.waiting(), [], [], {}, {})
        lines = lines_after(unit, self._id, self._after)
        settling = lines_after(unit, self._id, min(self._unsettled) - 1) if self._unsettled else []
        filed = unit.filed(self._id)
        return _Seen(unit.waiting(), lines, settling, self._beside(unit, filed), filed)

    def _beside(self, unit: Unit, filed: dict[str, Filed]) -> dict[str, Any]:
        conversation = unit.conversation(self._id)
        if conversation is None:
            return {}
        known = unit.known([self._id]).get(self._id, Known())
        histories = {case.number: unit.history(case.number) for case in known.cases}
        orders = tuple(order.number for order in known.orders)
        about = (self._after, orders, tuple(histories))
        if about != self._past_of:
            self._past, self._past_of = unit.past(self._id, orders, tuple(histories)), about
        return panel(conversation, known, self._past, histories, self._link, filed)

    def _new_others(self) -> list[str]:
        others = self._others_now()
        if not self._id or others == self._others:
            return []
        self._others = others
        return [event("others", others)]

    def _new_list(self, waiting: list[Waiting]) -> list[str]:
        rows = [listed(one) for one in waiting]
        if rows == self._list:
            return []
        self._list = rows
        return [event("list", rows)]

    def _new_lines(self, seen: _Seen) -> list[str]:
        events = [event("line", self._shown(line, seen.filed), line.id) for line in seen.lines]
        if seen.lines:
            self._after = seen.lines[-1].id
        settled = [
            event("delivery", {"id": line.id, "state": line.delivery})
            for line in seen.settling
            if self._unsettled.get(line.id, line.delivery) != line.delivery
        ]
        for line in (*seen.settling, *seen.lines):
            self._unsettled.pop(line.id, None)
            if line.delivery in UNSETTLED:
                self._unsettled[line.id] = line.delivery
        return events + settled

    def _shown(self, line: Line, filed: dict[str, Filed]) -> dict[str, Any]:
        worded = line.worded(self._language)
        return {**shown(worded, self._link, filed), "understood": understood(line.meaning)}

    def _new_panel(self, beside: dict[str, Any]) -> list[str]:
        if beside == self._panel:
            return []
        self._panel = beside
        return [event("panel", beside)]
