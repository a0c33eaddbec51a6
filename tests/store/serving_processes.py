"""Processes that serve the same PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import structlog

from bot.pipeline.tidings import Tidings
from bot.store import member
from bot.store.database import SqlDatabase
from bot.store.member import Member
from bot.store.unit import SqlUnit
from tests.store.samples import NOW, message
from tests.stores import run_sql

PATIENCE = 10.0


@dataclass(eq=False)
class Process:
    """One that serves, and what it heard."""

    database: SqlDatabase
    heard: list[Tidings] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def member(self) -> Member:
        found = self.database._writer.runner.member
        assert found
        return found

    def hear(self, tidings: Tidings) -> None:
        self.heard.append(tidings)
        self.news.set()

    async def until(self, found: Callable[[Tidings], bool]) -> Tidings:
        """The first it hears that is so; what came before is forgotten."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self.heard:
                    if found(told := self.heard.pop(0)):
                        return told
                self.news.clear()
                await self.news.wait()

    def leads(self, what: str) -> Leading:
        """It would like to lead that, from now on."""
        leading = Leading()
        self.tasks.append(asyncio.create_task(self.database.leading(what, leading.work)))
        return leading


@dataclass(eq=False)
class Leading:
    """Work that goes on until it is stopped."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        self.stopped.clear()
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.begun.clear()
            self.stopped.set()


Start = Callable[..., Awaitable[Process]]


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "BEAT", 0.05)


@pytest.fixture
async def start(postgres_address: str) -> AsyncIterator[Start]:
    """Starts processes, each a store of its own."""
    async with AsyncExitStack() as stack:
        with structlog.testing.capture_logs():
            yield lambda shop="main": stack.enter_async_context(process(postgres_address, shop))


@asynccontextmanager
async def process(address: str, shop: str = "main") -> AsyncIterator[Process]:
    async with SqlDatabase(address, shop=shop) as database:
        found = Process(database)
        async with database.taking_part(found.hear):
            yield found
            for task in found.tasks:
                task.cancel()
            await asyncio.gather(*found.tasks, return_exceptions=True)


async def met(event: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE):
        await event.wait()


def arrives(number: int) -> Callable[[SqlUnit], object]:
    return lambda unit: unit.receive([message(f"m{number}", number)], NOW)


async def end_session(address: str, process: Process) -> None:
    """PostgreSQL ends it, as when it is started anew or the network fails."""
    mine = f"locktype = 'advisory' AND objsubid = 2 AND objid = {process.member.number}"
    await run_sql(address, f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {mine}")  # noqa: S608 -- our own words


class Halting:
    """A session in which something happens elsewhere just as one thing was asked of it, and before it hears the answer."""

    def __init__(self, session: Any, what: str, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._session, self._what, self._meanwhile = session, what, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def fetchval(self, query: str, *given: Any) -> Any:
        found = await self._session.fetchval(query, *given)
        if query == self._what:
            await self._meanwhile()
        return found

    async def add_listener(self, channel: str, ear: Any) -> None:
        await self._session.add_listener(channel, ear)
        if self._what == "LISTEN":
            await self._meanwhile()


def halt(patch: pytest.MonkeyPatch, what: str, meanwhile: Callable[[Member], Awaitable[None]]) -> None:
    """In sessions begun from now on."""
    connect = Member._connect

    async def connected(self: Member) -> Any:
        return Halting(await connect(self), what, partial(meanwhile, self))

    patch.setattr(Member, "_connect", connected)
