"""A copy of a SQLite database, made while others write to it, and looking whether a copy is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BackupError
from bot.store import schema
from bot.store.tables import metadata

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is, and of how much."""

_PAGES = 2_000
"""Pages copied between two words of progress."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a database holds."""

    schema: str
    shops: tuple[str, ...]
    rows: dict[str, int]
    """By table."""


def copy_database(source: Path, target: Path, tell: Tell) -> Holding:
    """Copy it as it stands at this moment, whoever writes meanwhile, and look into the copy.

    BackupError when there is no such database, it can't be copied, or the copy is not whole.
    """
    if not source.is_file():
        raise BackupError(f"{source} is not there; is storage.url right?")
    try:
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.execute("BEGIN")
            here.execute("SELECT 1 FROM sqlite_master").fetchone()  # else each write by others starts it anew
            here.backup(there, pages=_PAGES, progress=lambda _, left, of: tell("database", of - left, of))
            there.execute("PRAGMA journal_mode=DELETE")  # one file, without a second beside it
    except sqlite3.Error as error:
        raise BackupError(f"{source} can't be copied: {error}") from None
    return look_into(target)


def look_into(path: Path) -> Holding:
    """What stands in a database that nobody uses. BackupError when it is damaged, SchemaMismatch when a newer Shouhou made it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return _held(database, path)
    except sqlite3.Error as error:
        raise BackupError(f"{path} can't be read as a database: {error}") from None


def _held(database: sqlite3.Connection, path: Path) -> Holding:
    [(found,), *_] = database.execute("PRAGMA integrity_check").fetchall()
    if found != "ok":
        raise BackupError(f"{path} is damaged: {found}")
    known = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in known:
        raise BackupError(f"{path} is no database of a shop")
    [(stands,)] = database.execute("SELECT version_num FROM alembic_version").fetchall()
    schema.refuse_newer(stands)
    rows = {name: _one(database, f"SELECT count(*) FROM {name}") for name in metadata.tables if name in known}  # noqa: S608 -- our own names
    return Holding(stands, _shops(database), rows)


def _shops(database: sqlite3.Connection) -> tuple[str, ...]:
    """Those that have rows; none before tables said whose a row is."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(conversations)")}
    if "shop" not in columns:
        return ()
    tables = ("conversations", "orders", "staff")
    found = " UNION ".join(f"SELECT shop FROM {name}" for name in tables)  # noqa: S608 -- our own names
    return tuple(name for (name,) in database.execute(f"{found} ORDER BY 1"))


def _one(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])
