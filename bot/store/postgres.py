"""Running jobs on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")


class PostgresRunner:
    """A pool of asyncpg connections."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url, pool_size=5, max_overflow=5, hide_parameters=True
        )

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run it on a connection of the pool and commit."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    look = run

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
