"""Every question the store asks in any test is looked through: each table it names must be bound to the shop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Alias, Column, Delete, Engine, FromClause, Join, Select, Table, Update, event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause, Grouping, UnaryExpression

from bot.store.part import Part


def unbound(statement: Any) -> set[str]:
    """The tables, of the whole or of any part of it, whose rows may be another shop's."""
    found: set[str] = set()
    for part in visitors.iterate(statement):
        if isinstance(part, Select | Update | Delete):
            found |= _unbound_in(part)
    return found


def _unbound_in(part: Select[Any] | Update | Delete) -> set[str]:
    """What this question names itself: its own questions within it are looked through by themselves."""
    if isinstance(part, Select):
        outside = set(part._correlate or ())
        named = [each for each in part.get_final_froms() if each not in outside]
        conditions = [part.whereclause]
    else:
        named, conditions = [part.table], [part.whereclause]
    tables: list[FromClause] = []
    for each in named:
        tables += _tables(each, conditions)
    bound = {
        id(table) for table in tables if any(_binds(each, table) for each in conditions if each is not None)
    }
    return {str(table) for table in tables if id(table) not in bound}


def _tables(source: Any, conditions: list[Any]) -> Iterator[FromClause]:
    if isinstance(source, Join):
        conditions.append(source.onclause)
        yield from _tables(source.left, conditions)
        yield from _tables(source.right, conditions)
    elif isinstance(source, Table) or (isinstance(source, Alias) and isinstance(source.element, Table)):
        yield source


def _binds(condition: Any, table: FromClause) -> bool:
    """The condition holds only where the table's shop is ours; what stands beside an "or" binds nothing."""
    if isinstance(condition, BinaryExpression):
        sides = {_plain(condition.left), _plain(condition.right)}
        ours = any(isinstance(side, BindParameter) and side.key == "of_shop" for side in sides)
        shop = any(isinstance(side, Column | ColumnClause) and _is_shop(side, table) for side in sides)
        return condition.operator is operators.eq and ours and shop
    if getattr(condition, "operator", None) is operators.and_:
        return any(_binds(each, table) for each in condition.clauses)
    element = getattr(condition, "element", None)
    return element is not None and _binds(element, table)


def _plain(side: Any) -> Any:
    """Without the sign by which SQLite is told not to look it up."""
    return _plain(side.element) if isinstance(side, Grouping | UnaryExpression) else side


def _is_shop(side: Any, table: FromClause) -> bool:
    return side.name == "shop" and side.table is table


_INSIDE: ContextVar[bool] = ContextVar("inside", default=False)
"""The store itself asks, and not a test past all its ports."""


class Watch:
    """Looks at each statement once, when the database first gets it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._seen: set[str] = set()

    def listen(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._look)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        token = _INSIDE.set(True)
        try:
            yield
        finally:
            _INSIDE.reset(token)

    def around(self, ask: Any) -> Any:
        """The same method; what is asked in it is looked at."""

        @wraps(ask)
        def asked(*given: Any, **named: Any) -> Any:
            with self._asking():
                return ask(*given, **named)

        return asked

    def _look(self, _: Any, __: Any, text: str, ___: Any, context: Any, ____: Any) -> None:
        if not _INSIDE.get() or text in self._seen:
            return
        self._seen.add(text)
        if tables := unbound(context.compiled.statement):
            self.faults.append(f"{', '.join(sorted(tables))} of any shop in: {text}")


WATCH = Watch()


@pytest.fixture(scope="session", autouse=True)
def every_question_is_looked_at() -> Iterator[None]:
    """In all tests."""
    WATCH.listen()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_run", "_run_each"):
            patch.setattr(Part, name, WATCH.around(getattr(Part, name)))
        yield


@pytest.fixture(autouse=True)
def no_question_is_about_other_shops(every_question_is_looked_at: None) -> Iterator[None]:
    """The test whose question was the first of its kind fails."""
    yield
    faults, WATCH.faults[:] = WATCH.faults[:], []
    assert not faults, "\n".join(faults)
