"""What the shop's database says in the end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.schema import Table

from bot.channels.telegram.markup import plain
from bot.store import tables
from bot.store.database import SqlDatabase

Row = Mapping[str, Any]
ORDERED_BY_NUMBER = ("inbox", "outbox", "lines", "conversations")


@dataclass(frozen=True, slots=True)
class Record:
    """Every table, whole."""

    inbox: Sequence[Row]
    outbox: Sequence[Row]
    lines: Sequence[Row]
    conversations: Sequence[Row]
    cases: Sequence[Row]
    open_lines: Sequence[Row]
    case_history: Sequence[Row]
    deadlines: Sequence[Row]
    refunds: Sequence[Row]

    @classmethod
    async def read(cls, url: str) -> Record:
        """All of it, in one transaction."""
        async with SqlDatabase(url, exclusive=False) as database:
            return await database.read(lambda unit: _all(unit._connection))

    def address(self, conversation: int) -> int:
        """The buyer's chat."""
        return next(int(row["address"]) for row in self.conversations if row["id"] == conversation)


def _all(connection: Connection) -> Record:
    return Record(**{name: _rows(connection, getattr(tables, name)) for name in Record.__slots__})


def _rows(connection: Connection, table: Table) -> Sequence[Row]:
    query = select(table)
    if table.name in ORDERED_BY_NUMBER:
        query = query.order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def words(row: Row) -> str:
    """What an outbox row says, as it is read."""
    payload = row["payload"] if isinstance(row["payload"], dict) else json.loads(row["payload"])
    return plain(str(payload["text"])).strip()
