"""What the parts of a unit of work share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    FromClause,
    Insert,
    Row,
    Select,
    Table,
    UnaryExpression,
    and_,
    any_,
    bindparam,
    func,
    insert,
    literal_column,
    text,
)
from sqlalchemy.sql.operators import custom_op

from bot.pipeline.tidings import Bell
from bot.store.locks import lock_of
from bot.store.tables import SHOP
from bot.store.telling import gathered

_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_WAIT = text("SELECT pg_advisory_xact_lock(:key)")
_OURS: BindParameter[str] = bindparam("of_shop")


def of_shop(*tables: FromClause) -> ColumnElement[bool]:
    """Only the shop's own rows of these tables. Every question names each of its tables here, or joins it by the shop."""
    return and_(*(table.c[SHOP] == _OURS for table in tables))


def holds(column: ColumnElement[str], *words: str) -> ColumnElement[bool]:
    """The column has this word, or one of these. They stand in the statement itself, so that an index of only such rows serves it."""
    spelt: list[ColumnElement[str]] = [literal_column(f"'{word}'") for word in words]
    return column == spelt[0] if len(spelt) == 1 else column.in_(spelt)


def among(column: ColumnElement[int], numbers: Select[tuple[int]], *, many: bool) -> ColumnElement[bool]:
    """The column is one of these few numbers, which are found first and once. PostgreSQL, which in a quiet hour learns that no
    row waits, may else find them anew for each of the thousands that wait in a busy one."""
    return column == any_(func.array(numbers.scalar_subquery())) if many else column.in_(numbers)


def _of_shop_looked_at(table: FromClause) -> ColumnElement[bool]:
    """The same where SQLite is to look at each row as it goes along: of the shop's name it would make a reason to gather all
    its rows by another index, and to sort them."""
    return UnaryExpression(table.c[SHOP], operator=custom_op("+")) == _OURS


class Part:
    """A group of queries over one open transaction, about the rows of one shop."""

    def __init__(self, connection: Connection, shop: str) -> None:
        self._connection = connection
        self._shop = shop
        self._many = connection.dialect.name == "postgresql"
        """Several processes may share the database."""

    def _along(self, table: FromClause) -> ColumnElement[bool]:
        """Only the shop's own rows, for a walk along the key."""
        return of_shop(table) if self._many else _of_shop_looked_at(table)

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

    def _run(
        self, statement: Executable, known: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a question or a change that is `of_shop`."""
        return self._connection.execute(statement, {"of_shop": self._shop, **(known or {})})

    def _run_each(self, statement: Executable, known: Iterable[Mapping[str, Any]]) -> None:
        """The same change once for each of these."""
        self._connection.execute(statement, [{"of_shop": self._shop, **each} for each in known])

    def _add(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows of the shop."""
        if rows := self._owned(rows):
            self._connection.execute(_plain_insert(table), rows)

    def _add_one(self, table: Table, row: Mapping[str, Any]) -> int:
        """Insert a row of the shop; returns the number the database gave it."""
        statement = _plain_insert(table).returning(table.c.id)
        return int(self._connection.execute(statement, self._owned([row])[0]).scalar_one())

    def _insert_new(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
        """Insert what is not there yet, by any of the table's keys; returns how many rows that were."""
        return len(self._inserted(table, rows))

    def _inserted(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[Row[Any]]:
        """The same, returning the keys of these rows."""
        return self._connection.execute(_insert(table, self._many), self._owned(rows)).all() if rows else ()

    def _owned(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{SHOP: self._shop, **row} for row in rows]


@cache
def _plain_insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert(table: Table, many: bool) -> Executable:
    # at the first row, for one of them is slow to load
    dialect = import_module(f"sqlalchemy.dialects.{'postgresql' if many else 'sqlite'}")
    statement: Executable = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return statement
