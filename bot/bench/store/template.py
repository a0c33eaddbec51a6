"""A month that was played through the real engine, to be laid down many times, each time with numbers and times of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, String, Table, UniqueConstraint

from bot.store.tables import SHOP, metadata
from bot.store.types import Moment

Row = list[Any]

_LEFT_OUT = frozenset({"conversations", "staff", "sessions", "topics"})
"""Conversations are shared by many copies, and people who work here are few."""
_SPELT = frozenset({"channel", "source", SHOP})
"""Parts of keys that are the same in every copy."""
_ENDED = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Copy:
    """One laying down."""

    number: int
    days: int
    """Later than it was played."""
    open: bool
    """Cases and clocks stay as they were at its end; in older ones all has ended long ago."""
    conversations: tuple[int, ...]
    """Whose conversations the played ones become."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row and which of its cells change."""

    row: Row
    ids: tuple[int, ...]
    """Numbers of the table itself, counted on."""
    inboxes: tuple[int, ...]
    talks: tuple[int, ...]
    keys: tuple[int, ...]
    """Texts that tell rows apart, or name such a row."""
    moments: tuple[tuple[int, int, str], ...]
    """Cell, day and the rest of the time."""
    phones: tuple[int, ...]


@dataclass(slots=True)
class Template:
    """The rows of a month by table, as SQLite keeps them."""

    messages: int = 0
    """That buyers wrote."""
    last: datetime = datetime(1, 1, 1, tzinfo=UTC)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, list[_Cells]] = field(default_factory=dict)
    staff: list[dict[str, Any]] = field(default_factory=list)

    def rows_in_copy(self) -> int:
        """Of all tables."""
        return sum(map(len, self.tables.values()))

    def rows(self, table: Table, copy: Copy, days: Days) -> Iterator[Row]:
        """A table's rows in this copy."""
        cells = self.tables[table.name]
        if table.name == "open_lines" and not copy.open:
            return
        step, inboxes = copy.number * len(cells), copy.number * len(self.tables["inbox"])
        prefix = f"{copy.number:06d}."
        settle = None if copy.open else _settling(table)
        for place, each in enumerate(cells):
            row = each.row.copy()
            for cell in each.ids:
                row[cell] += step
            for cell in each.inboxes:
                row[cell] += inboxes
            for cell in each.talks:
                row[cell] = copy.conversations[row[cell]]
            for cell in each.keys:
                row[cell] = prefix + row[cell]
            for cell, day, rest in each.moments:
                row[cell] = days.at(day + copy.days, rest)
            for cell in each.phones:
                row[cell] = f"13{(step + place) * 7_919 % 10**9:09d}"
            if settle:
                settle(row)
            yield row


class Days:
    """Moments as a database keeps them, each day spelt once."""

    def __init__(self, *, text: bool) -> None:
        self._text = text
        self._known: dict[tuple[int, str], Any] = {}
        self._days: dict[int, str] = {}

    def at(self, day: int, rest: str) -> Any:
        """`day` counts from the year 1."""
        if self._text:
            known = self._days.get(day)
            if known is None:
                known = self._days[day] = datetime.fromordinal(day).strftime("%Y-%m-%d ")
            return known + rest
        if (found := self._known.get((0, rest))) is None:
            found = datetime.fromisoformat(f"0001-01-01 {rest}").replace(tzinfo=UTC)
            self._known[0, rest] = found
        return found + timedelta(days=day - 1)


def read_template(path: Path) -> Template:
    """From the SQLite database a month was played in."""
    found = Template()
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        talks = database.execute("SELECT * FROM conversations ORDER BY id").fetchall()
        place = {row["id"]: position for position, row in enumerate(talks)}
        found.conversations = [dict(row) for row in talks]
        found.staff = [dict(row) for row in database.execute("SELECT * FROM staff")]
        found.messages = database.execute("SELECT count(*) FROM lines WHERE who = 'buyer'").fetchone()[0]
        last = database.execute("SELECT max(at) FROM lines").fetchone()[0]
        found.last = datetime.fromisoformat(last).replace(tzinfo=UTC)
        for table in metadata.sorted_tables:
            if table.name not in _LEFT_OUT:
                found.tables[table.name] = list(_cells(database, table, place))
    return found


def _cells(database: sqlite3.Connection, table: Table, place: dict[int, int]) -> Iterator[_Cells]:
    names = [column.name for column in table.c]
    order = ", ".join(column.name for column in table.primary_key if column.name != SHOP)
    inboxes = {
        row[0]: number for number, row in enumerate(database.execute("SELECT id FROM inbox ORDER BY id"), 1)
    }
    query = f'SELECT {", ".join(map(_quoted, names))} FROM "{table.name}" ORDER BY {order}'  # noqa: S608 -- our own names
    keys = {column.name for column in _keys(table)}
    for number, found in enumerate(database.execute(query), 1):
        row = list(found)
        where: dict[str, list[int]] = {"id": [], "inbox_id": [], "conversation_id": []}
        texts, moments, phones = [], [], []
        for cell, column in enumerate(table.c):
            value = row[cell]
            if value is None:
                continue
            if column.name in where:
                where[column.name].append(cell)
                known: dict[Any, Any] = {"id": {value: number}, "inbox_id": inboxes}.get(column.name, place)
                row[cell] = known[value]
            elif column.name in keys and value:
                texts.append(cell)
            elif column.name == "phone" and value:
                phones.append(cell)
            elif isinstance(column.type, Moment):
                day, rest = value.split(" ")
                moments.append((cell, datetime.fromisoformat(day).toordinal(), rest))
        ids, own, talks = (tuple(where[name]) for name in ("id", "inbox_id", "conversation_id"))
        yield _Cells(row, ids, own, talks, tuple(texts), tuple(moments), tuple(phones))


def _keys(table: Table) -> Iterable[Column[Any]]:
    """Texts that tell rows apart, here or in the table they name."""
    for column in table.c:
        told_apart = (
            column.primary_key
            or column.foreign_keys
            or any(
                column.name in unique.columns
                for unique in table.constraints
                if isinstance(unique, UniqueConstraint)
            )
        )
        named = column.name in {"case_number", "order_number", "outbox_key", "subject"}
        if isinstance(column.type, String) and column.name not in _SPELT and (told_apart or named):
            yield column


def _settling(table: Table) -> Any:
    """Ends what was open; None where nothing can be."""
    cells = {column.name: cell for cell, column in enumerate(table.c)}
    if table.name == "deadlines":
        state = cells["state"]

        def drop(row: Row) -> None:
            if row[state] == "waiting":
                row[state] = "dropped"

        return drop
    if table.name != "cases":
        return None
    state, clock, due = cells["state"], cells["clock"], cells["due_at"]

    def end(row: Row) -> None:
        if row[clock]:
            row[state], row[clock], row[due] = _ENDED, "", None

    return end


def _quoted(name: str) -> str:
    return f'"{name}"'
