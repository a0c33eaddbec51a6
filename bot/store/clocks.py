"""Deadlines: rows that come due and enter their conversation's inbox like any message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.store.part import Part
from bot.store.tables import deadlines, inbox

CHANNEL = "clock"
_AT_ONCE = 200


class Clocks(Part):
    """Queries of deadlines."""

    def fire(self, now: datetime) -> int:
        """Put each deadline that came due into its conversation's inbox, in order; each fires once."""
        query = (
            select(deadlines)
            .where(deadlines.c.state == "waiting", deadlines.c.due_at <= now)
            .order_by(deadlines.c.due_at, deadlines.c.case_number)
            .limit(_AT_ONCE)
        )
        if self._many:
            query = query.with_for_update(skip_locked=True)
        due = self._connection.execute(query).mappings().all()
        rows = [
            {
                "channel": CHANNEL,
                "origin": f"{row['case_number']}:{row['version']}",
                "conversation_id": row["conversation_id"],
                "payload": {"kind": row["kind"], "case": row["case_number"], "version": row["version"]},
                "album": "",
                "received_at": now,
                "due_at": now,
            }
            for row in due
        ]
        for row in due:
            fired = update(deadlines).where(
                deadlines.c.case_number == row["case_number"], deadlines.c.version == row["version"]
            )
            self._connection.execute(fired.values(state="fired"))
        self._insert_new(inbox, rows)
        return len(rows)
