"""Deadlines: rows that come due and enter their conversation's inbox like any message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from bot.domain.dues import Due
from bot.pipeline.tidings import Bell
from bot.store.part import Part, holds, of_shop
from bot.store.tables import deadlines, inbox

CHANNEL = "clock"
_AT_ONCE = 200


def due_row(due: Due, *, put_off: bool = False) -> dict[str, Any]:
    """A deadline that waits; one that was put off has a key of its own for each moment it waits for."""
    moment = f"@{due.at.astimezone(UTC):%Y%m%dT%H%M%S}" if put_off else ""
    return {
        "key": f"{due.case}:{due.version}:{due.kind}{moment}",
        "case_number": due.case,
        "version": due.version,
        "kind": due.kind,
        "conversation_id": due.conversation_id,
        "due_at": due.at,
    }


class Clocks(Part):
    """Queries of deadlines."""

    def fire(self, now: datetime) -> int:
        """Put each deadline that came due into its conversation's inbox, in order; each fires once. Nothing is done where
        another process is at it."""
        if not self._first("fire"):
            return 0
        due = self._due(now)
        if due:
            fired = update(deadlines).where(
                of_shop(deadlines), deadlines.c.key.in_([row["key"] for row in due])
            )
            self._run(fired.values(state="fired"))
        if self._insert_new(inbox, [_fired_row(row, now) for row in due]):
            self._tell(Bell.INBOX)
        return len(due)

    def _due(self, now: datetime) -> Sequence[RowMapping]:
        query = (
            select(deadlines)
            .where(of_shop(deadlines), holds(deadlines.c.state, "waiting"), deadlines.c.due_at <= now)
            .order_by(deadlines.c.due_at, deadlines.c.key)
            .limit(_AT_ONCE)
        )
        if self._many:
            query = query.with_for_update(skip_locked=True)
        return self._run(query).mappings().all()


def _fired_row(row: RowMapping, now: datetime) -> dict[str, Any]:
    return {
        "channel": CHANNEL,
        "origin": row["key"],
        "conversation_id": row["conversation_id"],
        "payload": {"kind": row["kind"], "case": row["case_number"] or "", "version": row["version"]},
        "album": "",
        "received_at": now,
        "due_at": now,
    }
