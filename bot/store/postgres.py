"""Running jobs on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from time import perf_counter
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.config.kinds.place import masked
from bot.errors import StoreAway, StoreError
from bot.pipeline.metrics import COMMIT_SECONDS
from bot.store.member import Member
from bot.store.telling import forget, tell

T = TypeVar("T")
_NOT_LET_IN = ("28", "3D")
"""SQLSTATE classes: who we say we are is not known there, or the database is not."""


class PostgresRunner:
    """A pool of asyncpg connections, and this process's place among those that serve."""

    def __init__(self, url: str) -> None:
        self._place = masked(url)
        self._engine: AsyncEngine = create_async_engine(
            url, pool_size=5, max_overflow=5, hide_parameters=True
        )
        self.member = Member(url)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run it on a connection of the pool and commit; what others are to hear of it is told with the commit."""
        async with self._engine.begin() as connection:
            found = await connection.run_sync(self._telling, work)
            began = perf_counter()
        COMMIT_SECONDS.observe(perf_counter() - began)
        return found

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run it on a connection of the pool."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    def begin(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection in a transaction of its own, for what goes in by the million."""
        return self._engine.begin()

    def _telling(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        forget(connection)
        outcome = work(connection)
        tell(connection, self.member.name)
        return outcome

    async def reach(self) -> None:
        """Connect once; what can go wrong with that has many names."""
        try:
            async with self._engine.connect():
                return
        except (OSError, DBAPIError) as error:
            cause = error.__cause__.__cause__ if isinstance(error, DBAPIError) and error.__cause__ else error
            raise _told(self._place, cause or error) from None

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _told(place: str, error: BaseException) -> StoreError:
    """What is wrong, in words, and whether trying again may help."""
    if str(getattr(error, "sqlstate", "")).startswith(_NOT_LET_IN):
        return StoreError(
            f"PostgreSQL does not let us in at {place}: {error}. Mend the name, the password or the database in "
            "storage.url, or make them there"
        )
    return StoreAway(
        f"PostgreSQL can't be reached at {place}: {error}. Look whether it runs there and whether host and port in "
        "storage.url are right"
    )
