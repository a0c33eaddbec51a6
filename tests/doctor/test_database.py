"""Databases as the doctor finds them, and leaves them."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor import Finding
from bot.doctor.database import check_database
from bot.pipeline.roles import SWEEPING, Role
from bot.store.database import SqlDatabase
from tests.doctor.graded import CONSIDER, OK, WRONG, finding, grades
from tests.store.samples import message
from tests.stores import everything, run_sql


def now() -> datetime:
    return datetime.now(UTC)


async def look(address: str) -> list[Finding]:
    return await check_database(address, "main", now, {Role.WORKER: SWEEPING})


def file_of(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


async def test_a_database_that_is_as_it_should_be(address: str) -> None:
    assert set(grades(await look(address)).values()) == {OK}


async def test_looking_changes_nothing_whether_it_is_served_or_not(address: str) -> None:
    folder = file_of(address).parent if address.startswith("sqlite") else None
    if folder:
        before = sorted(
            (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir()
        )
        await look(address)
        after = sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir())
        assert after == before
    async with SqlDatabase(address) as served:
        await served.write(lambda unit: unit.receive([message("hi", 1)], now()))
        there = await everything(served)
        assert grades(await look(address))["inbox"] is OK
        assert await everything(served) == there
        await served.write(lambda unit: unit.receive([message("again", 2)], now()))


async def test_one_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "data" / "shop.db"
    assert grades(await look(f"sqlite:///{missing}")) == {"file": OK}
    assert not missing.parent.exists()


@pytest.fixture(params=["a part", "all of it"])
def damaged(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> str:
    """Where a file is that was a database once."""
    whole = bytearray(sqlite_template.read_bytes())
    begin = len(whole) // 2 // 4096 * 4096 if request.param == "a part" else 0
    whole[begin : begin + 8192] = bytes(range(256)) * 32
    (tmp_path / "shop.db").write_bytes(whole)
    return f"sqlite:///{tmp_path / 'shop.db'}"


async def test_a_damaged_file_is_told_with_the_mend(damaged: str) -> None:
    found = await look(damaged)
    assert grades(found)["file"] is WRONG
    assert "backup" in finding(found, "file").mend


def test_a_file_that_can_not_be_opened_now_is_not_taken_for_a_damaged_one(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doctor.database._PATIENCE", 0.01)
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(path)) as held:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "user_version=1"):
            held.execute(f"PRAGMA {pragma}")
        found = asyncio.run(look(f"sqlite:///{path}"))
    assert grades(found)["file"] is WRONG
    assert "locked" in finding(found, "file").told
    assert "damaged" not in finding(found, "file").told
    assert "backup" not in finding(found, "file").mend


async def test_a_table_that_lacks_is_told_with_all_else_that_was_found(address: str) -> None:
    await run_sql(address, "ALTER TABLE inbox RENAME TO elsewhere")
    found = await look(address)
    assert grades(found)["tables"] is WRONG
    assert "inbox" in finding(found, "tables").told
    assert grades(found)["schema"] is OK
    await run_sql(address, "ALTER TABLE elsewhere RENAME TO inbox")
    assert set(grades(await look(address)).values()) == {OK}


@pytest.mark.parametrize(("stands", "grade"), [("0001", CONSIDER), ("9999", WRONG)])
async def test_an_older_schema_and_a_newer_one(address: str, stands: str, grade: object) -> None:
    await run_sql(address, f"UPDATE alembic_version SET version_num = '{stands}'")  # noqa: S608 -- our own words
    assert grades(await look(address))["schema"] is grade
    await run_sql(address, "DELETE FROM alembic_version")
    assert grades(await look(address))["schema"] is OK
    if address.startswith("postgres"):
        await run_sql(address, "DROP TABLE alembic_version")  # such a one is not handed on


async def test_an_empty_database_waits_for_its_first_start(bare_address: str) -> None:
    if bare_address.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(bare_address))) as made:
            made.execute("VACUUM")
    assert grades(await look(bare_address))["schema"] is OK


async def test_what_waits_and_what_failed(database: SqlDatabase, address: str) -> None:
    long_ago = now() - timedelta(minutes=10)
    await database.write(lambda unit: unit.receive([message("hi", 1), message("there", 2)], long_ago))
    found = await look(address)
    assert grades(found)["inbox"] is CONSIDER
    assert "2 wait" in finding(found, "inbox").told
    await run_sql(address, "UPDATE inbox SET state = 'shunted' WHERE id = 1")
    assert "shouhou shunt list" in finding(await look(address), "shunt shelf").mend


async def test_clocks_of_two_machines_that_are_apart(postgres_address: str) -> None:
    ahead = await check_database(postgres_address, "main", lambda: now() + timedelta(seconds=30), {})
    assert grades(ahead)["clock"] is CONSIDER


async def test_a_server_that_does_not_let_us_in_is_told_without_the_password() -> None:
    found = await look("postgresql+asyncpg://shop:s3cret-word@127.0.0.1:1/shop")
    assert grades(found) == {"server": WRONG}
    assert "s3cret-word" not in str(found)


def test_a_file_that_other_users_can_read_is_told_with_the_mend(
    tmp_path: Path, sqlite_template: Path
) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(sqlite_template.read_bytes())

    def found(folder: int, file: int) -> list[Finding]:
        tmp_path.chmod(folder)
        path.chmod(file)
        return asyncio.run(look(f"sqlite:///{path}"))

    told = found(0o755, 0o644)
    assert grades(told)["readers"] is CONSIDER
    assert finding(told, "readers").mend == f"chmod 600 {path}*"
    assert "readers" not in grades(found(0o755, 0o600))
    assert "readers" not in grades(found(0o700, 0o644)), "nobody else comes that far"


async def test_a_role_that_no_process_does_is_named_while_others_are_there(postgres_address: str) -> None:
    leads = asyncio.Event()

    async def sweep() -> None:
        leads.set()
        await asyncio.Event().wait()

    async with SqlDatabase(postgres_address) as served:
        assert "role worker" not in grades(await look(postgres_address)), "nobody serves it at all"
        async with served.taking_part(lambda _: None):
            found = await look(postgres_address)
            assert grades(found)["role worker"] is CONSIDER
            assert "--role worker" in finding(found, "role worker").mend
            working = asyncio.create_task(served.leading(SWEEPING, sweep))
            await leads.wait()
            assert grades(await look(postgres_address))["role worker"] is OK
            other = await check_database(postgres_address, "another", now, {Role.WORKER: SWEEPING})
            assert grades(other)["role worker"] is CONSIDER, "each shop has its own"
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
