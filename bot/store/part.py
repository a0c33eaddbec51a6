"""What the parts of a unit of work share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable, Row, Table


class Part:
    """A group of queries over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._many = connection.dialect.name == "postgresql"
        """Several processes may share the database."""

    def _insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Insert what is not there yet, by any of the table's keys; returns how many rows that were."""
        return len(self._inserted(table, rows))

    def _inserted(self, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
        """The same, returning the keys of these rows."""
        return self._connection.execute(_insert(table, self._many), rows).all() if rows else ()


@cache
def _insert(table: Table, many: bool) -> Executable:
    insert = import_module(
        f"sqlalchemy.dialects.{'postgresql' if many else 'sqlite'}"
    ).insert  # one is slow to load
    statement: Executable = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return statement
