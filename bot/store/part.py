"""What the parts of a unit of work share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable, Table, text

from bot.pipeline.tidings import Bell, Tidings
from bot.store.locks import lock_of
from bot.store.telling import gathered

_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_WAIT = text("SELECT pg_advisory_xact_lock(:key)")


class Part:
    """A group of queries over one open transaction."""

    def __init__(self, connection: Connection, shop: str = "main") -> None:
        self._connection = connection
        self._shop = shop
        self._many = connection.dialect.name == "postgresql"
        """Several processes may share the database."""

    def _tell(self, *bells: Bell, conversations: Iterable[int] = ()) -> None:
        """Once this is committed other processes hear that there is something to do, or new to be seen."""
        if self._many:
            told = gathered(self._connection, self._shop)
            told.bells.update(bells)
            told.conversations.update(conversations)

    def _first(self, what: str) -> bool:
        """True when no other transaction does this now; then none begins it before this one is committed."""
        return not self._many or bool(
            self._connection.execute(_TRY, {"key": lock_of(f"{self._shop}/{what}")}).scalar()
        )

    def _after_others(self, what: str) -> None:
        """Wait until no other transaction does this; then none goes on with it before this one is committed."""
        if self._many:
            self._connection.execute(_WAIT, {"key": lock_of(f"{self._shop}/{what}")})

    def announce(self, tidings: Tidings) -> None:
        """Once this is committed other processes hear this; it is written down nowhere."""
        if self._many:
            told = gathered(self._connection, self._shop)
            told.desk.update(tidings.desk)
            told.asks |= tidings.asks

    def _insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Insert what is not there yet, by any of the table's keys; returns how many rows that were."""
        if not rows:
            return 0
        return len(self._connection.execute(_insert(table, self._many), rows).all())


@cache
def _insert(table: Table, many: bool) -> Executable:
    insert = import_module(
        f"sqlalchemy.dialects.{'postgresql' if many else 'sqlite'}"
    ).insert  # one is slow to load
    statement: Executable = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return statement
