"""Databases that go away under those who use them, and come back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from bot.errors import StoreAway, StoreGone
from bot.store import outage
from bot.store.database import SqlDatabase
from bot.store.outage import CALM, REMINDED, Outage
from tests.stores import run_sql


@asynccontextmanager
async def away(address: str) -> AsyncIterator[None]:
    """The database is not where it was, for a while."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        moved = f"{url.database}-moved"
        os.rename(str(url.database), moved)  # noqa: PTH104 -- a path's own way is taken for slow in a coroutine
        yield
        os.rename(moved, str(url.database))  # noqa: PTH104
        return
    server = url.set(database="postgres").render_as_string(hide_password=False)
    name, moved = url.database, f"elsewhere_{uuid4().hex}"
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
    await run_sql(server, f"{end}'{name}'")
    await run_sql(server, f'ALTER DATABASE "{name}" RENAME TO {moved}')
    yield
    await run_sql(server, f'ALTER DATABASE {moved} RENAME TO "{name}"')


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Time for outages passes as told."""
    now = [0.0]
    made = Outage.__init__
    monkeypatch.setattr(outage.Outage, "__init__", lambda self, what: made(self, what, lambda: now[0]))

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


async def test_it_is_told_once_then_each_minute_and_when_it_is_back(
    bare_address: str, ticks: Callable[[float], None]
) -> None:
    async with SqlDatabase(bare_address) as database:
        await database.migrate()
        with capture_logs() as said:
            async with away(bare_address):
                for _ in range(5):
                    await asyncio.gather(
                        *(refused(database, way) for way in ("write", "write_alone", "read"))
                    )
                assert [line["event"] for line in said] == ["database.away"]
                assert said[0]["log_level"] == "error"
                ticks(REMINDED)
                await asyncio.gather(*(refused(database, "write") for _ in range(3)))
                assert [line["event"] for line in said[1:]] == ["database.still_away"]
            await database.read(lambda unit: unit.depths())
            assert len(said) == 2, "one answer between two failures is no end"
            ticks(CALM)
            await database.read(lambda unit: unit.depths())
            assert [line["event"] for line in said[2:]] == ["database.back"]


async def refused(database: SqlDatabase, way: str) -> None:
    with pytest.raises(StoreAway):
        await getattr(database, way)(lambda unit: unit.depths())


async def test_what_is_no_trouble_of_the_database_stays_what_it_is(database: SqlDatabase) -> None:
    def broken(unit: Any) -> None:
        unit._connection.execute(text("SELECT nothing FROM nowhere"))

    with capture_logs() as said:
        for way in (database.write, database.write_alone, database.read):
            with pytest.raises(Exception, match="nowhere") as caught:
                await way(broken)
            assert not isinstance(caught.value, StoreAway)
    assert said == []


async def test_nothing_is_taken_into_a_file_that_was_deleted_or_replaced(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    async with SqlDatabase(f"sqlite:///{path}") as database:
        await database.migrate()
        path.unlink()
        with pytest.raises(StoreGone, match=rf"{path} was deleted.*/proc/\d+/fd.*shouhou restore"):
            await database.write(lambda unit: None)
        path.touch()
        with pytest.raises(StoreGone):
            await database.read(lambda unit: None)
