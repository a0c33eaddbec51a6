"""Database engines are handed on from test to test, with the statements they have compiled.

A shop compiles each of its statements once. Tests, most of which open a shop of their own, would compile them all anew, and
that takes longer than what they do with them. Only the engine is handed on: each test connects to its own database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store import database, postgres

Made = Engine | AsyncEngine


@dataclass(eq=False, slots=True)
class _Kept:
    """An engine, and the database it connects to by now."""

    engine: Made
    url: str
    in_use: bool = True

    def listen(self) -> None:
        """Connect to that database, and learn when its user is done with the engine."""
        engine = self.engine.sync_engine if isinstance(self.engine, AsyncEngine) else self.engine
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "engine_disposed", self._disposed)

    def _connect(self, dialect: Any, _: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        there, named = dialect.create_connect_args(make_url(self.url))
        arguments[:] = there
        options.clear()
        options.update(named)

    def _disposed(self, _: Engine) -> None:
        self.in_use = False


@dataclass(slots=True)
class Shelf:
    """All engines of the test process, by how they are made."""

    lent: list[tuple[object, _Kept]] = field(default_factory=list)
    idle: dict[object, list[_Kept]] = field(default_factory=dict)

    def lends(self, make: Callable[..., Any]) -> Callable[..., Made]:
        """A function that does what `make` does, with an engine that is idle where there is one."""

        def lend(url: str, *how: object, **options: object) -> Made:
            key = (make, how, tuple(options.items()), make_url(url).database == ":memory:")
            waiting = self.idle.get(key)
            if waiting:
                kept = waiting.pop()
                kept.url, kept.in_use = url, True
            else:
                kept = _Kept(make(url, *how, **options), url)
                kept.listen()
            self.lent.append((key, kept))
            return kept.engine

        return lend

    def take_back(self) -> None:
        """Those that nobody uses any more; only between tests, lest one is given up twice by the same user."""
        for key, kept in self.lent:
            if not kept.in_use:
                self.idle.setdefault(key, []).append(kept)
        self.lent = [(key, kept) for key, kept in self.lent if kept.in_use]


SHELF = Shelf()


@pytest.fixture(scope="session", autouse=True)
def engines_handed_on() -> Iterator[None]:
    """Wherever the store makes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "sqlite_engine", SHELF.lends(database.sqlite_engine))
        patch.setattr(postgres, "create_async_engine", SHELF.lends(create_async_engine))
        yield


def pytest_runtest_logfinish() -> None:
    SHELF.take_back()
