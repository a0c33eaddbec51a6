"""Migrations bring any older database to exactly the tables, and leave a newer one alone."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect

from bot.domain.cases import Phase
from bot.domain.refunds import Purpose
from bot.errors import SchemaMismatch
from bot.store import schema, tables
from bot.store.database import SqlDatabase
from tests.store.samples import NOW
from tests.stores import everything, put_then, rows, run_sql, session, somebody_waits

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def differences(connection: Connection) -> list[object]:
    # SQLite tells an empty default in a way Alembic takes for another one
    options = {
        "compare_type": True,
        "compare_server_default": connection.dialect.name == "postgresql",
        "include_object": but_on_sqlite,
    }
    with warnings.catch_warnings():  # they see no such index on SQLite; test_facts shows that it is used
        warnings.filterwarnings(
            "ignore", "(Skipped unsupported|autogenerate skipping).*expression-based index"
        )
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata))


def but_on_sqlite(thing: Any, _: object, kind: str, *__: object) -> bool:
    """All but what makes numbers to be referred to by shop and number, which PostgreSQL's key does, and names side by side."""
    by_number = kind == "unique_constraint" and [each.name for each in thing.columns] == ["shop", "id"]
    return not by_number and thing.name != "ix_conversations_named"


async def test_migrating_an_empty_database_gives_exactly_the_tables(bare_address: str) -> None:
    async with SqlDatabase(bare_address) as database:
        assert await database.migrate()
        assert await database._writer.runner.look(differences) == []
        assert await database._writer.runner.look(schema.version) == schema.HEAD


async def test_migrating_again_does_nothing(database: SqlDatabase) -> None:
    assert not await database.migrate()


def test_the_newest_migration_is_the_one_the_code_knows() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [schema.HEAD]
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert newest.startswith(f"{schema.HEAD}_")


async def test_a_newer_database_is_refused_and_left_untouched(address: str) -> None:
    await run_sql(address, "UPDATE alembic_version SET version_num = '9999'")
    if address.startswith("postgresql"):
        await run_sql(address, "COMMENT ON TABLE alembic_version IS '9998'")
    async with SqlDatabase(address) as database:
        before = await everything(database)
        with pytest.raises(SchemaMismatch, match="9999"):
            await database.migrate()
        assert await everything(database) == before
        assert await database._writer.runner.look(schema.version) == "9999"


async def test_beside_a_newer_version_that_only_added_to_the_database_this_one_goes_on(
    postgres_address: str,
) -> None:
    await run_sql(postgres_address, "UPDATE alembic_version SET version_num = '9999'")
    async with SqlDatabase(postgres_address) as database:
        assert not await database.migrate()
        assert await database._writer.runner.look(schema.version) == "9999"


async def test_a_database_of_any_release_is_brought_up_to_date_with_what_it_holds(bare_address: str) -> None:
    scripts = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert scripts[-1] == "0001"
    async with SqlDatabase(bare_address) as database:
        await database._writer.runner.run(lambda connection: schema.upgrade(connection, "0001"))
        order = {"number": "A-1", "currency": "CNY", "placed_at": NOW, "lines": []}
        await put_then(database, "orders", **order)
        assert await database.migrate()
        assert await database._writer.runner.look(differences) == []
        [kept] = await rows(database, "orders")
        assert order.items() <= kept.items()


async def test_what_was_kept_before_there_were_several_shops_is_the_shops_that_opens_it(
    bare_address: str,
) -> None:
    async with SqlDatabase(bare_address, shop="tea") as database:
        await database._writer.runner.run(lambda connection: schema.upgrade(connection, "0014"))
        then = await database._writer.runner.look(columns_of_all)
        before: dict[str, dict[str, Any]] = {
            table.name: {name: value for name, value in some_row(table).items() if name in then[table.name]}
            for table in tables.metadata.sorted_tables
            if table.name in then
        }
        for name, row in before.items():
            await put_then(database, name, **row)
        await database.migrate()
        after = await everything(database)
        for name, row in before.items():
            [kept] = after[name]
            assert {"shop": "tea", **row}.items() <= kept.items()
        talk = await database.write(lambda unit: unit.conversation_at("web", "bob", NOW))
        assert talk.id == 8
        bare = await database._writer.runner.look(lambda connection: inspect(connection).get_table_names())
        assert set(bare) == {*tables.metadata.tables, "alembic_version"}


async def test_every_key_begins_with_the_shop(database: SqlDatabase) -> None:
    found = await database._writer.runner.look(keys_of_all)
    sqlite = database._writer.runner.__class__.__name__ == "SqliteRunner"
    others = {key for key in found if key[1][0] != "shop"}
    assert others == ({(name, ("id",)) for name, columns in found if columns == ("id",)} if sqlite else set())
    assert len(found) > 50


def keys_of_all(connection: Connection) -> set[tuple[str, tuple[str, ...]]]:
    """Of each table its key, and what else is unique or has an index."""
    looks = inspect(connection)
    found: set[tuple[str, tuple[str, ...]]] = set()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        for name in tables.metadata.tables:
            indexes = [each["column_names"] for each in looks.get_indexes(name)]
            unique = [each["column_names"] for each in looks.get_unique_constraints(name)]
            own = looks.get_pk_constraint(name)["constrained_columns"]
            keys: list[list[Any]] = [own, *indexes, *unique]
            found |= {(name, tuple(map(str, key))) for key in keys}
    return found


def columns_of_all(connection: Connection) -> dict[str, set[str]]:
    """The columns of each table there is."""
    looks = inspect(connection)
    return {name: {each["name"] for each in looks.get_columns(name)} for name in looks.get_table_names()}


def some_row(table: Table) -> dict[str, Any]:
    """A row whose every text is "7" and every number 7, so that each refers to all others."""
    by_type = {"Moment": NOW, "Json": [], "Boolean": False, "String": "7", "Words": "7"}
    return {
        column.name: by_type.get(type(column.type).__name__, 7) for column in table.c if column.name != "shop"
    }


async def test_lines_said_before_meanings_were_kept_are_read_as_having_none(bare_address: str) -> None:
    async with SqlDatabase(bare_address) as database:
        await database._writer.runner.run(lambda connection: schema.upgrade(connection, "0002"))
        talk = {
            "id": 1,
            "channel": "web",
            "address": "ann",
            "state": {},
            "created_at": NOW,
            "updated_at": NOW,
        }
        await put_then(database, "conversations", **talk)
        said = {
            "conversation_id": 1,
            "who": "buyer",
            "text": "退款",
            "attachments": [],
            "buttons": [],
            "at": NOW,
        }
        await put_then(database, "lines", **said)
        await database.migrate()
        [line] = await database.read(lambda unit: unit.transcript(1))
        assert (line.text, line.meaning, line.reply) == ("退款", None, "")


async def test_cases_clocks_and_refunds_of_before_go_on_after_the_engine_came(bare_address: str) -> None:
    case = {
        "number": "R1",
        "conversation_id": 1,
        "order_number": "A1",
        "lines": [1],
        "kind": "refund_only",
        "state": "WAIT_SELLER_AGREE",
        "goods": "not_received",
        "reason": "late",
        "amount": 5_990,
        "currency": "CNY",
        "version": 1,
        "locked": False,
        "clock": "seller_timeout",
        "due_at": NOW,
        "evidence": [],
        "opened_at": NOW,
    }
    clock = {"case_number": "R1", "version": 1, "kind": "seller_timeout", "conversation_id": 1, "due_at": NOW}
    paid = {"key": "refund:R1", "case_number": "R1", "amount": 5_990, "currency": "CNY", "state": "created"}
    async with SqlDatabase(bare_address) as database:
        await database._writer.runner.run(lambda connection: schema.upgrade(connection, "0004"))
        talk = {
            "id": 1,
            "channel": "web",
            "address": "ann",
            "state": {},
            "created_at": NOW,
            "updated_at": NOW,
        }
        await put_then(database, "conversations", **talk)
        await put_then(database, "orders", number="A1", currency="CNY", placed_at=NOW, lines=[])
        for name, row in (("cases", case), ("deadlines", clock), ("refunds", {**paid, "created_at": NOW})):
            await put_then(database, name, **row)
        await database.migrate()
        [found] = await database.read(lambda unit: unit.cases(1))
        assert (found.number, found.phase, found.missed, found.due_at) == ("R1", Phase.ONSALE, 0, NOW)
        assert await database.write_alone(lambda unit: unit.fire(NOW)) == 1
        assert await database.write_alone(lambda unit: unit.fire(NOW)) == 0
        [refund] = await database.read(lambda unit: unit.refunds_of("R1"))
        assert (refund.order_number, refund.purpose, refund.version) == ("A1", Purpose.PRICE, 1)
        [line] = await rows(database, "ledger")
        assert (line["key"], line["end"], line["amount"]) == ("refund:R1", "created", 5_990)


async def test_a_migration_that_fails_leaves_nothing_half_done(
    bare_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Connection, **how: Any) -> None:
        schema_upgrade(connection, **how)
        raise RuntimeError("the power went")

    schema_upgrade = schema.upgrade
    monkeypatch.setattr(schema, "upgrade", fail)
    async with SqlDatabase(bare_address) as database:
        with pytest.raises(RuntimeError):
            await database.migrate()
        assert await database._writer.runner.look(schema.version) is None
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


async def test_a_migration_that_stands_in_an_older_processs_way_is_tried_again(
    postgres_bare_address: str,
) -> None:
    async with SqlDatabase(postgres_bare_address) as newer, session(postgres_bare_address) as older:
        await newer._writer.runner.run(lambda connection: schema.upgrade(connection, "0018"))
        await older.execute("SET deadlock_timeout = '20s'")  # so it is the migration that gives way
        async with older.transaction():
            await older.execute("LOCK TABLE conversations IN ROW EXCLUSIVE MODE")
            migrating = asyncio.create_task(newer.migrate())
            await somebody_waits(older)
            await older.execute("LOCK TABLE outbox IN ROW EXCLUSIVE MODE")
        assert await migrating
        assert await newer._writer.runner.look(schema.version) == schema.HEAD
