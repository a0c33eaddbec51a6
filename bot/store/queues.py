"""How the queues stand, and what is on the shelf."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Select,
    Table,
    func,
    literal,
    literal_column,
    select,
    union_all,
    update,
)

from bot.domain.files import FileState
from bot.pipeline.looks import Depth, Depths, Shunted, Status
from bot.store.part import Part, holds, of_shop
from bot.store.tables import conversations, deadlines, files, inbox, outbox
from bot.store.types import Moment


def _depth(
    queue: str, table: Table, waits: ColumnElement[bool], since: Column[datetime]
) -> Select[str, int, datetime]:
    oldest = func.min(since, type_=Moment())
    found = select(literal(queue).label("queue"), func.count().label("rows"), oldest.label("oldest"))
    return found.where(of_shop(table), waits)


_DEPTHS = union_all(
    _depth("inbox", inbox, holds(inbox.c.state, "due"), inbox.c.received_at),
    _depth("outbox", outbox, holds(outbox.c.state, "queued", "sending"), outbox.c.created_at),
    _depth("shunt", inbox, inbox.c.state == "shunted", inbox.c.received_at),
    _depth("files", files, files.c.state == FileState.WAITING.value, files.c.received_at),
    _depth("deadlines", deadlines, holds(deadlines.c.state, "waiting"), deadlines.c.due_at),
    _depth("people", conversations, conversations.c.holder == "queued", conversations.c.flagged_at),
)
"""Each by an index of what waits alone, or one that begins with the shop and the state: what is done with is not looked at."""
_UNCERTAIN = select(func.coalesce(func.sum(outbox.c.uncertain), 0)).where(
    of_shop(outbox),
    outbox.c.uncertain > literal_column("0"),  # as its index has it
)
_BY_HOLDER = (
    select(conversations.c.holder, func.count())
    .where(of_shop(conversations))
    .group_by(conversations.c.holder)
)
_BY_STATE = (
    select(outbox.c.state, func.count())
    .where(of_shop(outbox), outbox.c.state.in_(("queued", "sending", "blocked", "failed", "withdrawn")))
    .group_by(outbox.c.state)
)
"""But those that were sent: nearly all there ever were, which would take long to count."""


class Queues(Part):
    """Queries of what waits."""

    def depths(self) -> Depths:
        """How the queues stand: the price grows with what waits, not with what there is."""
        found = self._run(_DEPTHS)
        return Depths(**{row.queue: Depth(row.rows, row.oldest) for row in found})

    def bring_forward(self, now: datetime, beyond: timedelta) -> int:
        """What waits to be tried later than that from now is tried now; how many rows."""
        tried_again = {
            inbox: inbox.c.state == "due",
            outbox: outbox.c.state == "queued",
            files: (files.c.state == FileState.WAITING.value)
            & ((files.c.attempts == 0) | (files.c.error != "")),  # others are under way
        }
        far = now + beyond
        return sum(
            self._run(
                update(table).where(of_shop(table), waits, table.c.due_at > far).values(due_at=now)
            ).rowcount
            for table, waits in tried_again.items()
        )

    def status(self) -> Status:
        """The same, with how many conversations each has, and what became of replies that are not sent."""
        waits = self.depths()
        return Status(
            inbox_due=waits.inbox.rows,
            inbox_oldest=waits.inbox.oldest,
            outbox_due=waits.outbox.rows,
            outbox_oldest=waits.outbox.oldest,
            shunted=waits.shunt.rows,
            deadlines_waiting=waits.deadlines.rows,
            next_deadline=waits.deadlines.oldest,
            files_waiting=waits.files.rows,
            files_oldest=waits.files.oldest,
            conversations=self._counts(_BY_HOLDER),
            outbox=self._counts(_BY_STATE),
            uncertain=int(self._run(_UNCERTAIN).scalar_one()),
        )

    def shunted(self) -> list[Shunted]:
        """The shelf, oldest first."""
        query = select(inbox).where(of_shop(inbox), inbox.c.state == "shunted").order_by(inbox.c.id)
        return [
            Shunted(
                row["id"],
                row["channel"],
                row["origin"],
                row["received_at"],
                row["error"],
                row["conversation_id"],
            )
            for row in self._run(query).mappings()
        ]

    def _counts(self, query: Executable) -> dict[str, int]:
        return {row[0]: row[1] for row in self._run(query)}
