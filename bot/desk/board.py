"""The list of conversations, read once for all pages that show it, and told by what is new in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.web.hub import Hub, Subscription
from bot.channels.web.sse import written
from bot.desk.bell import Bell
from bot.desk.panel import listed
from bot.desk.together import Together
from bot.pipeline.ports import Database, Unit

BREATH = 0.2
"""Seconds between two looks at all conversations."""
_KEPT = 8
"""Lists before this one whose readers are told what changed; who is further behind gets all of it."""

Rows = dict[int, str]
"""Conversations in the list's order, as JSON."""


class Board:
    """The list."""

    def __init__(self, database: Database, hub: Hub, breath: float = BREATH) -> None:
        self._database = database
        self._bell = Bell(hub, None, breath)
        self._looks = Together(self._look, breath)
        self._begun = self._newest = 0
        """How many looks began, and which of them told last."""
        self._number = 0
        """Of the list as it is now; 0 before the first."""
        self._lists: dict[int, Rows] = {}
        """Lists by their numbers, the newest last."""
        self._told: dict[int, list[str]] = {}
        """The number of an older list to what is told to who shows it."""

    @property
    def rung(self) -> int:
        """Grows each time something happened in any conversation."""
        return self._bell.rung

    @contextmanager
    def heard_by(self, ear: Subscription) -> Iterator[None]:
        """The ear is nudged when there may be something new in the list."""
        with self._bell.heard_by(ear):
            yield

    async def news(self, shown: int) -> tuple[list[str], int]:
        """What is new for a page that shows the list of that number, and the number it shows then; 0 for a page that shows
        none yet."""
        await self._looks.of(None, self._bell.rung)
        if shown == self._number:
            return [], shown
        if shown not in self._told:
            self._told[shown] = [self._change(shown)]
        return self._told[shown], self._number

    async def _look(self, _: None) -> None:
        self._begun += 1
        turn = self._begun
        rows = await self._database.read(_rows)
        if turn < self._newest:  # one that began later was quicker
            return
        self._newest = turn
        before = self._lists.get(self._number)
        if before is None or [*before.items()] != [*rows.items()]:
            self._number += 1
            self._lists[self._number] = rows
            self._lists.pop(self._number - _KEPT, None)
            self._told = {}

    def _change(self, shown: int) -> str:
        """The whole list, or its order and the rows that are new or otherwise."""
        rows, before = self._lists[self._number], self._lists.get(shown)
        if before is None:
            return written("list", f"[{', '.join(rows.values())}]")
        changed = (row for number, row in rows.items() if before.get(number) != row)
        return written("changed", f'{{"order": {json.dumps([*rows])}, "rows": [{", ".join(changed)}]}}')


def _rows(unit: Unit) -> Rows:
    return {one.conversation.id: json.dumps(listed(one), ensure_ascii=False) for one in unit.waiting()}
