"""One conversation with all beside it, read once for all pages that have it open and show the same of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.channels.web.arriving import Standing, arrived, first_seen, standing
from bot.channels.web.hub import Hub, Subscription
from bot.channels.web.lines import UNSETTLED, shown
from bot.channels.web.reading import lines_after
from bot.channels.web.sse import event
from bot.desk.bell import Bell
from bot.desk.panel import panel
from bot.desk.together import Together
from bot.desk.understood import understood
from bot.domain.files import Filed
from bot.domain.messages import Attachment
from bot.flows.desk_replies import HELD
from bot.pipeline.looks import Past
from bot.pipeline.ports import Database, Unit
from bot.pipeline.turns import Known, Line

BREATH = 0.2
"""Seconds between two looks at a conversation."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of the conversation: pages that show the same are told the same next."""

    after: int
    """Its last line."""
    files: Standing | None
    unsettled: frozenset[tuple[int, str]] = frozenset()
    """Lines on their way to the buyer, with how far they were."""
    panel: str = ""
    """What stands beside, as it was told."""
    gone: frozenset[int] = frozenset()
    """Lines that are shown as taken back."""

    @classmethod
    def none(cls, after: int) -> Shown:
        """Of a page that has just been opened, or that comes back with the lines up to that one."""
        return cls(after, first_seen(after))


@dataclass(frozen=True, slots=True)
class _Seen:
    lines: list[Line]
    settling: list[Line]
    panel: dict[str, Any]
    filed: dict[str, Filed]
    gone: list[int]


class Room:
    """One conversation, as pages in one language show it."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        conversation_id: int,
        language: str,
        link: Callable[[Attachment], str],
    ) -> None:
        self._database = database
        self._bell = Bell(hub, conversation_id, BREATH)
        self._id = conversation_id
        self._language = language
        self._link = link
        self._looks = Together(self._look, BREATH)
        self._past = Past()
        self._past_of: tuple[int, tuple[str, ...], tuple[str, ...]] = (-1, (), ())
        """Read again when something was said here, and when an order or a case comes."""

    @property
    def rung(self) -> int:
        """Grows each time something happened here."""
        return self._bell.rung

    @property
    def heard(self) -> bool:
        """True while a page has it open."""
        return self._bell.heard

    @contextmanager
    def heard_by(self, ear: Subscription) -> Iterator[None]:
        """The ear is nudged when there may be something new here."""
        with self._bell.heard_by(ear):
            yield

    async def news(self, page: Shown) -> tuple[list[str], Shown]:
        """What is new for a page that shows that, and what it shows then."""
        return await self._looks.of(page, self._bell.rung)

    async def _look(self, page: Shown) -> tuple[list[str], Shown]:
        seen = await self._database.read(lambda unit: self._read(unit, page))
        beside = event("panel", seen.panel) if seen.panel else ""
        events = [beside] if beside != page.panel else []
        events += [event("line", self._shown(line, seen.filed), line.id) for line in seen.lines]
        events += _settled(page, seen)
        events += [event("gone", {"id": number}) for number in seen.gone if number not in page.gone]
        events += arrived(seen.filed, page.files, self._link)
        after = seen.lines[-1].id if seen.lines else page.after
        gone = frozenset(seen.gone)
        return events, Shown(after, standing(seen.filed), _unsettled(page, seen), beside, gone)

    def _read(self, unit: Unit, page: Shown) -> _Seen:
        lines = lines_after(unit, self._id, page.after)
        first = min((number for number, _ in page.unsettled), default=None)
        settling = [] if first is None else lines_after(unit, self._id, first - 1)
        filed = unit.filed(self._id)
        after = lines[-1].id if lines else page.after
        gone = unit.taken_back(self._id)
        return _Seen(lines, settling, self._beside(unit, filed, after), filed, gone)

    def _beside(self, unit: Unit, filed: dict[str, Filed], after: int) -> dict[str, Any]:
        conversation = unit.conversation(self._id)
        if conversation is None:
            return {}
        known = unit.known([self._id]).get(self._id, Known())
        histories = {case.number: unit.history(case.number) for case in known.cases}
        orders = tuple(order.number for order in known.orders)
        about = (after, orders, tuple(histories))
        if about != self._past_of:
            self._past, self._past_of = unit.past(self._id, orders, tuple(histories)), about
        return panel(conversation, known, self._past, histories, self._link, filed)

    def _shown(self, line: Line, filed: dict[str, Filed]) -> dict[str, Any]:
        worded = line.worded(self._language)
        return {
            **shown(worded, self._link, filed),
            "understood": understood(line.meaning),
            "unsaid": line.reply == HELD.name,
        }


def _settled(page: Shown, seen: _Seen) -> list[str]:
    before = dict(page.unsettled)
    return [
        event("delivery", {"id": line.id, "state": line.delivery})
        for line in seen.settling
        if before.get(line.id, line.delivery) != line.delivery
    ]


def _unsettled(page: Shown, seen: _Seen) -> frozenset[tuple[int, str]]:
    now = dict(page.unsettled)
    for line in (*seen.settling, *seen.lines):
        now.pop(line.id, None)
        if line.delivery in UNSETTLED:
            now[line.id] = line.delivery
    return frozenset(now.items())


class Rooms:
    """Those that some page has open."""

    def __init__(self, database: Database, hub: Hub, link: Callable[[Attachment], str]) -> None:
        self._database = database
        self._hub = hub
        self._link = link
        self._open: dict[tuple[int, str], Room] = {}

    @contextmanager
    def entered(self, conversation_id: int, language: str, ear: Subscription) -> Iterator[Room | None]:
        """The conversation's room, open as long as somebody is in it; None when no conversation is meant."""
        if not conversation_id:
            yield None
            return
        door = (conversation_id, language)
        room = self._open.get(door) or Room(self._database, self._hub, *door, self._link)
        self._open[door] = room
        try:
            with room.heard_by(ear):
                yield room
        finally:
            if not room.heard:
                self._open.pop(door, None)
