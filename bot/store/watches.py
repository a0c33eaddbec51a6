"""The clocks of conversations that people look after, as deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, update

from bot.domain.conversation import Conversation
from bot.domain.watch import Alarm
from bot.store.part import Part, of_shop
from bot.store.tables import deadlines

_KEYS = deadlines.c.key.in_(bindparam("keys", expanding=True))
_DROP = (
    update(deadlines).where(of_shop(deadlines), _KEYS, deadlines.c.state == "waiting").values(state="dropped")
)
_REVIVE = (
    update(deadlines).where(of_shop(deadlines), _KEYS, deadlines.c.state == "dropped").values(state="waiting")
)


class Watches(Part):
    """Queries of these clocks."""

    def _watch(self, changed: Iterable[tuple[Conversation, Conversation]]) -> None:
        """Set what is to come due now, and drop what is not any more, for each conversation before and after."""
        gone: set[str] = set()
        rows: dict[str, dict[str, Any]] = {}
        for before, after in changed:
            if before.watch == after.watch:
                continue
            was, becomes = _rows(before), _rows(after)
            gone |= was.keys() - becomes.keys()
            rows |= {key: row for key, row in becomes.items() if key not in was}
        if gone:
            self._run(_DROP, {"keys": sorted(gone)})
        if rows and self._insert_new(deadlines, list(rows.values())) < len(rows):
            self._run(_REVIVE, {"keys": sorted(rows)})


def _rows(conversation: Conversation) -> dict[str, dict[str, Any]]:
    rows = (_row(conversation.id, alarm, at) for alarm, at in conversation.watch.alarms.items())
    return {row["key"]: row for row in rows}


def _row(conversation_id: int, alarm: Alarm, at: datetime) -> dict[str, Any]:
    return {
        "key": f"talk:{conversation_id}:{alarm.value}@{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}",
        "case_number": None,
        "version": 0,
        "kind": alarm.value,
        "conversation_id": conversation_id,
        "due_at": at,
    }
