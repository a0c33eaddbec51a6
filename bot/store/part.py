"""What the parts of a unit of work share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


class Part:
    """A group of queries over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._many = connection.dialect.name == "postgresql"
        """Several processes may share the database."""

    def _insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Insert what is not there yet, by any of the table's keys; returns how many rows that were."""
        if not rows:
            return 0
        statement = (postgresql if self._many else sqlite).insert(table).on_conflict_do_nothing()
        return self._connection.execute(statement.values(list(rows))).rowcount
