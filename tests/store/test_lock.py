"""A SQLite file is served by one process; when that one is killed, the next may have it at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StoreLocked
from bot.store.database import SqlDatabase
from bot.store.lock import ProcessLock
from tests.store.samples import NOW

HOLD = """
import sys
from pathlib import Path
from bot.store.lock import ProcessLock
from tests.store.samples import NOW
with ProcessLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


async def holder(path: Path) -> asyncio.subprocess.Process:
    """Another process that holds the lock."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        HOLD,
        str(path),
        cwd=root,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    return process


async def test_a_second_process_is_refused_and_told_which_one_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.db.lock"
    process = await holder(path)
    with pytest.raises(StoreLocked, match=f"held by process {process.pid}"):
        ProcessLock(path).__enter__()
    with pytest.raises(StoreLocked):
        SqlDatabase(f"sqlite:///{tmp_path / 'shop.db'}")
    await process.communicate(b"")
    with ProcessLock(path):
        pass


async def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "shop.db.lock"
    process = await holder(path)
    process.send_signal(signal.SIGKILL)
    await process.communicate(b"")
    async with SqlDatabase(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        assert await database.migrate()


async def test_the_lock_is_held_while_the_store_is_open_and_free_after(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shop.db'}"
    async with SqlDatabase(address):
        with pytest.raises(StoreLocked):
            SqlDatabase(address)
    async with SqlDatabase(address):
        pass


async def test_an_import_beside_the_serving_process_needs_no_lock(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shop.db'}"
    async with SqlDatabase(address) as serving, SqlDatabase(address, exclusive=False) as importing:
        await serving.migrate()
        await importing.write(lambda unit: unit.conversation_at("web", "ann", NOW))
        found = await serving.read(lambda unit: unit.conversation(1))
        assert found is not None
        assert found.address == "ann"


async def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    async with SqlDatabase(f"sqlite:///{tmp_path / 'data' / 'deep' / 'shop.db'}") as database:
        assert await database.migrate()


def test_a_commit_is_on_the_disk_before_it_counts(tmp_path: Path) -> None:
    """As shipped: in a process of its own, for the tests' SQLite waits for no disk."""
    look = (
        "from bot.store.database import sqlite_engine\n"
        f"engine = sqlite_engine('sqlite:///{tmp_path / 'shop.db'}', 'BEGIN')\n"
        "with engine.connect() as connection:\n"
        "    print(*[connection.exec_driver_sql(f'PRAGMA {name}').scalar() for name in ('journal_mode', 'synchronous')])"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout == "wal 2\n"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX gives files modes")
async def test_only_its_owner_may_read_the_file_and_what_stands_beside_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with SqlDatabase(f"sqlite:///{tmp_path / 'data/shop.db'}") as database:
            await database.migrate()
            await database.write(lambda unit: None)
            modes = {name: mode_of(tmp_path / name) for name in ("data", "data/shop.db", "data/shop.db-wal")}
    finally:
        os.umask(before)
    assert modes == {"data": 0o700, "data/shop.db": 0o600, "data/shop.db-wal": 0o600}


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777
