"""What may happen to the shop. Each comes, lasts, and is over when it returns."""

from __future__ import annotations

import asyncio
import errno
import random
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from tests.crash.disk import Disk
from tests.crash.fleet import Fleet
from tests.crash.line import Line
from tests.crash.shop import ROOT, Shop
from tests.crash.world import Strike
from tests.doubles.bot_api import BotApi, Fault

AHEAD = 3600
"""Seconds the clock jumps, forth and back."""
SLOW = 0.05
"""Seconds for each piece of what the database and the shop say to each other."""
LATE = 2.0
"""Seconds Telegram takes to answer."""


class Server(Protocol):
    """A database server that can be killed."""

    def kill(self) -> None:
        """SIGKILL to all of it."""
        ...

    def start(self) -> None:
        """It recovers, and serves."""
        ...


@dataclass(slots=True)
class Stage:
    """Everything that something may happen to."""

    shop: Shop
    served: Fleet
    api: BotApi
    random: random.Random
    lasts: float
    """Seconds, of what does not happen in a moment."""
    disk: Disk | None = None
    line: Line | None = None
    server: Server | None = None
    weather: Callable[[], None] = lambda: None
    """Brings back Telegram's everyday misfortunes."""

    async def strike(self, name: str) -> Strike:
        """Let it happen; from when till when it did."""
        begin = self.api.clock()
        await STRIKES[name](self)
        return Strike(name, begin, self.api.clock())


async def kill(stage: Stage) -> None:
    """SIGKILL to one process; it is started again at once."""
    victim = await stage.served.kill_one()
    await victim.start()


async def restart(stage: Stage) -> None:
    """SIGTERM to all processes in turn, as for an upgrade; the words of the new version are there before."""
    stage.shop.take_words(ROOT)
    await stage.served.restart()


async def power(stage: Stage) -> None:
    """The power fails: what was not synchronised may be lost."""
    assert stage.disk
    victim = await stage.served.kill_one()
    stage.disk.cut_power()
    await victim.start()


async def _disk_refuses(stage: Stage, number: int) -> None:
    assert stage.disk
    stage.disk.set(refuses=number)
    await asyncio.sleep(stage.lasts)
    stage.disk.set()


async def full(stage: Stage) -> None:
    """The disk is full."""
    await _disk_refuses(stage, errno.ENOSPC)


async def readonly(stage: Stage) -> None:
    """The disk may only be read."""
    await _disk_refuses(stage, errno.EROFS)


async def clock(stage: Stage) -> None:
    """The machine's clock jumps ahead or back, and is right again after a while."""
    assert stage.disk
    stage.disk.set(clock_ahead=stage.random.choice((AHEAD, -AHEAD)))
    await asyncio.sleep(stage.lasts)
    stage.disk.set()


async def postgres(stage: Stage) -> None:
    """SIGKILL to the database server; it is started again at once."""
    assert stage.server
    stage.server.kill()
    await asyncio.to_thread(stage.server.start)


async def cut(stage: Stage) -> None:
    """Connections to the database break, and there are no new ones."""
    assert stage.line
    stage.line.cut = True
    stage.line.break_off()
    await asyncio.sleep(stage.lasts)
    stage.line.cut = False


async def silence(stage: Stage) -> None:
    """Nothing gets through to the database any more, and nobody is told."""
    assert stage.line
    stage.line.flowing.clear()
    await asyncio.sleep(stage.lasts)
    stage.line.flowing.set()


async def slow(stage: Stage) -> None:
    """The database is slow."""
    assert stage.line
    stage.line.delay = SLOW
    await asyncio.sleep(stage.lasts)
    stage.line.delay = 0


def telegram(fault: Fault) -> Callable[[Stage], Awaitable[None]]:
    """All of Telegram answers so."""

    async def strikes(stage: Stage) -> None:
        stage.api.faults.clear()
        stage.api.faults.rate(fault, 1.0, "*")
        await asyncio.sleep(stage.lasts)
        stage.api.faults.clear()
        stage.weather()

    return strikes


STRIKES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "kill": kill,
    "restart": restart,
    "power": power,
    "full": full,
    "readonly": readonly,
    "clock": clock,
    "postgres": postgres,
    "cut": cut,
    "silence": silence,
    "slow": slow,
    "429": telegram(Fault.too_many(2)),
    "500": telegram(Fault.server_error()),
    "502": telegram(Fault.bad_gateway()),
    "dropped": telegram(Fault.dropped()),
    "unanswered": telegram(Fault.accepted_then_timeout(hold=5)),
    "garbage": telegram(Fault.garbage()),
    "late": telegram(Fault.late(LATE)),
}
NEEDS_DISK = frozenset({"power", "full", "readonly", "clock"})
ON_SQLITE = NEEDS_DISK - {"clock"}
ON_POSTGRESQL = frozenset({"postgres", "cut", "silence", "slow"})


def unsuitable(names: Collection[str], database: str) -> str:
    """Why these can't happen there; empty when they can."""
    wrong = set(names) & (ON_SQLITE if database != "sqlite" else ON_POSTGRESQL)
    if unknown := set(names) - STRIKES.keys():
        return f"there is no misfortune {', '.join(sorted(unknown))}; there are {', '.join(STRIKES)}"
    if wrong:
        return f"{', '.join(sorted(wrong))} can't happen on {database}"
    return ""
