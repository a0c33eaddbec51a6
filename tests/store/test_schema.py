"""Migrations bring any older database to exactly the tables, and leave a newer one alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import SchemaMismatch
from bot.store import schema, tables
from bot.store.database import SqlDatabase, open_runner
from tests.stores import everything, run_sql

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def differences(connection: Connection) -> list[object]:
    # SQLite tells an empty default in a way Alembic takes for another one
    options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata))


async def test_migrating_an_empty_database_gives_exactly_the_tables(bare_address: str) -> None:
    async with SqlDatabase(bare_address) as database:
        assert await database.migrate()
        assert await database._runner.look(differences) == []
        assert await database._runner.look(schema.version) == schema.HEAD


async def test_migrating_again_does_nothing(database: SqlDatabase) -> None:
    assert not await database.migrate()


def test_the_newest_migration_is_the_one_the_code_knows() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [schema.HEAD]
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert newest.startswith(f"{schema.HEAD}_")


async def test_a_newer_database_is_refused_and_left_untouched(address: str) -> None:
    await run_sql(address, "UPDATE alembic_version SET version_num = '9999'")
    async with SqlDatabase(address) as database:
        before = await everything(database)
        with pytest.raises(SchemaMismatch, match="9999"):
            await database.migrate()
        assert await everything(database) == before
        assert await database._runner.look(schema.version) == "9999"


async def test_a_migration_that_fails_leaves_nothing_half_done(
    bare_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Connection) -> None:
        schema_upgrade(connection)
        raise RuntimeError("the power went")

    schema_upgrade = schema.upgrade
    monkeypatch.setattr(schema, "upgrade", fail)
    async with SqlDatabase(bare_address) as database:
        with pytest.raises(RuntimeError):
            await database.migrate()
        assert await database._runner.look(schema.version) is None
        monkeypatch.undo()
        assert await database.migrate()


async def test_processes_that_start_together_migrate_once(postgres_bare_address: str) -> None:
    databases = [SqlDatabase(postgres_bare_address) for _ in range(4)]
    try:
        await asyncio.gather(*(one.migrate() for one in databases))
        assert not await databases[0].migrate()
    finally:
        for one in databases:
            await one.__aexit__()


async def test_the_tables_are_spelt_for_both_databases(bare_address: str) -> None:
    runner = open_runner(bare_address, exclusive=False)
    try:
        await runner.run(tables.metadata.create_all)
        assert await runner.look(differences) == []
    finally:
        await runner.close()
