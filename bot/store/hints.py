"""What SQLite is told of the tables' shape.

Every index begins with the shop. SQLite, unless told otherwise, takes any first column to pick out a few rows, and would
rather read a whole table by its shop than one row by its number. PostgreSQL looks at the rows by itself; here the same is
said once for all, so that questions are answered alike in a new shop and in one of many years.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from bot.store.tables import SHOP, metadata

_ROWS, _SOME_ROWS = 1_000_000, 1_000
"""Of a table, and of those an index of only some of them has."""
_WORDS = frozenset({"state", "holder", "channel", "source", "yields"})
"""Columns with a few words in them, and how many that is about."""
_WORDS_APART = 4
_ALIKE = (100, 10)
"""Rows that one other column leaves, and that two leave."""
_TELL = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)")


def tell_sqlite(connection: Connection) -> None:
    """Say it, in place of what was said before."""
    connection.exec_driver_sql("ANALYZE sqlite_master")  # makes the table of what is known
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table in metadata.tables:
        for _, name, unique, _, partial in connection.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
            columns = [row[2] or "" for row in connection.exec_driver_sql(f'PRAGMA index_info("{name}")')]
            shape = _shape(columns, unique=bool(unique), rows=_SOME_ROWS if partial else _ROWS)
            connection.execute(_TELL, {"table": table, "index": name, "shape": shape})
    connection.exec_driver_sql("ANALYZE sqlite_master")  # and now it is read


def _shape(columns: list[str], *, unique: bool, rows: int) -> str:
    """All rows, then how many are alike in the first column, in the first two, and so on."""
    found, alike, left = [rows], rows, list(_ALIKE)
    for place, column in enumerate(columns, 1):
        if column == "id" or (unique and place == len(columns)):
            alike = 1
        elif column in _WORDS:
            alike = max(1, alike // _WORDS_APART)
        elif column != SHOP:
            alike = min(alike, left.pop(0) if left else 1)
        found.append(alike)
    return " ".join(map(str, found))
