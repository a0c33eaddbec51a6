"""A database of the bench's own on a PostgreSQL server, and what that server takes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.postgres import PostgresRunner

_PIDS = text("SELECT pid FROM pg_stat_activity")


@dataclass(frozen=True, slots=True)
class Server:
    """A database that is there for this measurement alone."""

    url: str
    _engine: AsyncEngine

    async def cpu(self) -> float | None:
        """CPU time of the server's processes that are there now, in seconds; None when it does not run here, on Linux."""
        async with self._engine.connect() as connection:
            pids = (await connection.execute(_PIDS)).scalars().all()
        known = [seconds for pid in pids if (seconds := _cpu_of(pid)) is not None]
        return sum(known) if len(known) == len(pids) else None


@asynccontextmanager
async def database(url: str) -> AsyncIterator[Server]:
    """Made on that server, and dropped in the end; its user must be allowed to. StoreError where it can't be reached."""
    await _reach(url)
    name = f"shouhou_bench_{uuid4().hex[:12]}"
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield Server(make_url(url).set(database=name).render_as_string(hide_password=False), engine)
        finally:
            async with engine.connect() as connection:
                await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        await engine.dispose()


async def _reach(url: str) -> None:
    runner = PostgresRunner(url)
    try:
        await runner.reach()
    finally:
        await runner.close()


def _cpu_of(pid: int) -> float | None:
    with suppress(OSError, ValueError, IndexError):
        name, _, rest = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")
        if "postgres" in name:
            ticks = rest.split()[11:13]
            return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return None
