"""This process among those that serve the same PostgreSQL database.

It has a session of its own there, for what ends with a session: hearing what others tell (LISTEN), the lock on its number, by
which others see that it lives, and the locks by which one process leads. When the session is lost all of that is lost with
it, at once; it is begun anew until it holds again. Nothing else is done in it, so it is never busy.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg
import structlog
from sqlalchemy.engine import make_url

from bot.pipeline.tidings import Tidings, missed
from bot.store.locks import NUMBERS, lock_of
from bot.store.outage import Outage

BEAT = 1.0
"""Seconds between two looks whether the session lives and what can be led; also between tries to begin it anew."""
PATIENCE = 5.0
"""Seconds for an answer. With a beat less than `_FORSAKEN`: who can't be reached knows it before another one leads."""
_FORSAKEN = {
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "idle_session_timeout": "0",
}
"""After how long PostgreSQL ends the session of a machine that is gone without a word: ten seconds."""
_NOT_ASYNCPG = ("prepared_statement_cache_size", "prepared_statement_name_func", "async_creator_fn")

_WHOSE = "shouhou.member"
"""Where a session keeps whose it is: another process that is given the same one writes its own name there."""
_ITSELF = f"SELECT pg_backend_pid() || ' ' || current_setting('{_WHOSE}')"

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class _Candidate:
    what: str
    key: int
    elected: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Member:
    """Enter it to take part; several shops of the process may."""

    def __init__(self, url: str) -> None:
        self.name = secrets.token_hex(4)
        """As others know whose word it is."""
        self.number: int | None = None
        """Under which it holds rows; None while that is not sure."""
        self._url = url
        self._wanted_number = 0
        self._ears: dict[str, Callable[[Tidings], None]] = {}
        self._listening: set[str] = set()
        self._candidates: list[_Candidate] = []
        self._resigned: list[int] = []
        self._roused = asyncio.Event()
        self._tried = asyncio.Event()
        self._outage = Outage("cluster.session")
        self._users = 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._users += 1
        if self._task is None:
            self._task = asyncio.create_task(self._take_part(), name="member")
        try:
            await self._tried.wait()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._users -= 1
        if self._users or self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        self._tried.clear()

    def hear(self, channel: str, ear: Callable[[Tidings], None]) -> None:
        """Call it with what other processes tell there, and with "anything may have happened" whenever some was missed."""
        self._ears[channel] = ear
        self._roused.set()

    def deafen(self, channel: str) -> None:
        """Call it no more."""
        self._ears.pop(channel, None)
        self._listening.discard(channel)

    async def leading(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work while this process is the one that does it, among all; until it is done, or cancelled."""
        candidate = _Candidate(what, lock_of(what))
        self._candidates.append(candidate)
        self._roused.set()
        try:
            while True:
                await candidate.elected.wait()
                log.info("cluster.leads", what=what)
                if await _while_elected(candidate, work):
                    return
        finally:
            self._candidates.remove(candidate)
            if candidate.elected.is_set():
                self._resigned.append(candidate.key)
                self._roused.set()

    async def _take_part(self) -> None:
        while True:
            connection = None
            try:
                connection = await self._connect()
                await self._attend(connection)
            except asyncpg.InvalidSQLStatementNameError:  # prepared here, carried out in another session
                _shared()
            except Exception as error:  # noqa: BLE001 -- whatever it was, without a session nothing is led or held
                self._outage.fails(type(error).__name__)
            finally:
                self._lose()
                self._tried.set()
                if connection is not None:
                    await _close(connection)
            await asyncio.sleep(BEAT)

    async def _connect(self) -> Any:
        url = make_url(self._url)
        _, options = url.get_dialect()().create_connect_args(url)
        known = {name: value for name, value in options.items() if name not in _NOT_ASYNCPG}
        connection = await asyncpg.connect(**{"timeout": PATIENCE, "command_timeout": PATIENCE, **known})
        connection.add_termination_listener(lambda _: self._roused.set())
        for name, value in {**_FORSAKEN, _WHOSE: self.name}.items():
            await connection.execute("SELECT set_config($1, $2, false)", name, value)
        return connection

    async def _attend(self, connection: Any) -> None:
        """Until the session is lost."""
        session = await connection.fetchval(_ITSELF)
        while True:
            self._roused.clear()
            await self._listen(connection)
            await self._hold_number(connection)
            await self._stand(connection)
            self._outage.answers()
            self._tried.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._roused.wait()
            if await connection.fetchval(_ITSELF) != session:
                _shared()
                return

    async def _listen(self, connection: Any) -> None:
        for channel in self._ears.keys() - self._listening:
            await connection.add_listener(channel, self._heard)
            if (ear := self._ears.get(channel)) is not None:
                self._listening.add(channel)
                ear(missed())

    async def _hold_number(self, connection: Any) -> None:
        """The same as before, so that what is held under it stays held; who never had one takes any that is free."""
        if self.number is not None:
            return
        wanted = self._wanted_number or secrets.randbelow(2**31 - 1) + 1
        if await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", NUMBERS, wanted):
            self.number = self._wanted_number = wanted

    async def _stand(self, connection: Any) -> None:
        while self._resigned:
            await connection.fetchval("SELECT pg_advisory_unlock($1)", self._resigned.pop())
        for candidate in [one for one in self._candidates if not one.elected.is_set()]:
            if self.number and await connection.fetchval("SELECT pg_try_advisory_lock($1)", candidate.key):
                if candidate in self._candidates:
                    candidate.lost.clear()
                    candidate.elected.set()
                else:  # it gave up while the answer was under way
                    self._resigned.append(candidate.key)
                    self._roused.set()

    def _heard(self, _: object, __: int, channel: str, payload: str) -> None:
        tidings, ear = Tidings.read(payload), self._ears.get(channel)
        if ear is not None and tidings.sender != self.name:
            ear(tidings)

    def _lose(self) -> None:
        self.number = None
        self._listening.clear()
        self._resigned.clear()
        for candidate in self._candidates:
            if candidate.elected.is_set():
                log.warning("cluster.leads_no_more", what=candidate.what)
                candidate.elected.clear()
                candidate.lost.set()


async def _while_elected(candidate: _Candidate, work: Callable[[], Awaitable[None]]) -> bool:
    """True when the work is done; False when another may lead now, and this one has stopped, however it did."""
    working = asyncio.ensure_future(work())
    lost = asyncio.create_task(candidate.lost.wait())
    try:
        done, _ = await asyncio.wait((working, lost), return_when=asyncio.FIRST_COMPLETED)
    finally:
        lost.cancel()
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    if working.cancelled():
        return False
    if working in done:
        working.result()
        return True
    if error := working.exception():
        log.warning("cluster.stopped_badly", what=candidate.what, error=type(error).__name__)
    return False


def _shared() -> None:
    log.error("cluster.pooled", hint="storage.url leads through a pooler that shares sessions")


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=BEAT)
    except Exception:  # noqa: BLE001 -- it is gone either way
        connection.terminate()
