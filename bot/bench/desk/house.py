"""The shop that is measured: the whole of it, as `shouhou run` serves it, in a process and with a database of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import structlog

from bot.app import App
from bot.bench.desk.cores import bind, waited
from bot.bench.desk.marks import mark_in
from bot.config import Config
from bot.config.secrets import Secrets
from bot.config.sections import Carriers, Log, Oidc
from bot.desk.reader import act
from bot.desk.session import fingerprint
from bot.domain.staff import Staff, StaffRole
from bot.errors import ShouhouError
from bot.opening import open_folder
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit

_PATIENCE = 120
"""Seconds it may take to open; phrases that were never learned take the most of them."""
_CLOSING = 15
"""Seconds it may take to close."""


@dataclass(frozen=True, slots=True)
class House:
    """The process, as seen from outside."""

    address: str
    """Where it is served."""
    tokens: Sequence[str]
    """Of the agents who are signed in."""
    _door: Connection

    def ask(self, what: str, *about: Any) -> Any:
        """One of the questions that `_answer` knows."""
        self._door.send((what, *about))
        return self._door.recv()


@contextmanager
def opened(config: Config, agents: int, core: int | None) -> Iterator[House]:
    """The shop in the current folder, open on the loopback with that many agents signed in, and closed again."""
    context = get_context("spawn")
    here, there = context.Pipe()
    with TemporaryDirectory(prefix="shouhou-bench-") as folder:
        process = context.Process(
            target=_serve, args=(apart(config, Path(folder)), agents, core, there), daemon=True
        )
        process.start()
        there.close()
        try:
            yield House(*_opening(here), here)
        finally:
            with here, contextlib.suppress(OSError):
                here.send(("close",))
            process.join(_CLOSING)
            if process.is_alive():
                process.kill()
                process.join()


def _opening(here: Connection) -> tuple[str, Sequence[str]]:
    try:
        if here.poll(_PATIENCE):
            address, tokens = here.recv()
            return address, tokens
    except EOFError:
        pass
    raise ShouhouError("the shop that was to be measured did not open; shouhou lint may tell why")


def apart(config: Config, folder: Path) -> Config:
    """The shop's own settings, but nothing of what it keeps and nobody outside it: no messenger, no carrier, no payer."""
    return replace(
        config,
        web=replace(config.web, host="127.0.0.1", port=0, demo=False, public_url="", proxies="127.0.0.1"),
        grants=replace(config.grants, messages_a_minute=1000),
        storage=replace(config.storage, url=f"sqlite:///{folder / 'bench.db'}", files=folder / "files"),
        payouts=replace(config.payouts, url=""),
        carriers=Carriers(),
        oidc=Oidc(),
        log=Log(),
        secrets=Secrets(),
    )


def _serve(config: Config, agents: int, core: int | None, door: Connection) -> None:
    bind(core)
    keep_silent()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_open(config, agents, door))


def keep_silent() -> None:
    """Log errors alone."""
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet, logger_factory=structlog.PrintLoggerFactory(sys.stderr))


async def _open(config: Config, agents: int, door: Connection) -> None:
    async with App(config, *open_folder(Path(), config), secrets.token_urlsafe(32)) as app:
        server = app.pages.server()
        serving = asyncio.create_task(app.run(server))
        door.send((server.address, await _sign_in(app, agents)))
        while (asked := await asyncio.to_thread(_heard, door))[0] != "close":
            door.send(await _answer(app, *asked))
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def _heard(door: Connection) -> tuple[Any, ...]:
    try:
        asked: tuple[Any, ...] = door.recv()
    except EOFError:
        return ("close",)
    return asked


async def _answer(app: App, what: str, *about: Any) -> Any:
    if what == "cpu":
        return time.process_time(), waited()
    if what == "waiting":
        return await app.database.read(lambda unit: unit.status().inbox_due)
    if what == "said":
        return await app.database.read(_said)
    return await _claimed(app, *about)


def _said(unit: Unit) -> dict[str, datetime]:
    """When the shop noted each message, by its mark."""
    found = (line for said in unit.overheard().values() for line in said)
    return {known: line.at for line in found if (known := mark_in(line.text))}


async def _claimed(app: App, every: int) -> list[int]:
    """All conversations by their ids, once every so-manieth was taken by an agent."""
    rows, people = await app.database.read(lambda unit: (unit.waiting(), unit.people()))
    numbers = sorted(row.conversation.id for row in rows)
    taking = zip(numbers[::every], cycle(one.staff for one in people))
    await app.intake.take([_claim(number, agent) for number, agent in taking])
    return numbers


def _claim(conversation: int, agent: Staff) -> Arrival:
    payload = act("claim", agent.name, account=agent.account)
    return Arrival("desk", f"desk:{uuid4()}", payload, conversation_id=conversation)


async def _sign_in(app: App, agents: int) -> list[str]:
    """Agents who have signed in already: the keys of their sessions."""
    tokens, now = [secrets.token_urlsafe(32) for _ in range(agents)], datetime.now(UTC)

    def job(unit: Unit) -> None:
        for number, token in enumerate(tokens):
            staff = unit.add_staff(f"agent{number}", f"Agent {number}", StaffRole.AGENT, now)
            unit.open_session(fingerprint(token), staff.id, "password", "", now, now + timedelta(hours=1))

    await app.database.write(job)
    return tokens
