"""One bot under load: idle, at a fixed rate, and at saturation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.bench.desk.cores import bound, cores
from bot.bench.load import server
from bot.bench.load.child import Children, Need
from bot.bench.load.crowd import Crowd, Round
from bot.bench.load.messenger import Messenger
from bot.bench.load.serving import Contestant, served
from bot.bench.load.wares import BUYERS
from bot.bench.scores import percentile
from bot.config import Config

WARM_UP = 1000
"""Messages before anything is measured."""
_SETTLING = 3.0
"""Seconds of rest before idleness is measured."""
_PARTS = 10
"""In so many parts of the flood memory is looked at."""
STEPS = 4 + _PARTS
"""How often `hold` tells what it does now."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much."""

    messages: int
    """At saturation."""
    rate: float
    """Messages a second at the fixed rate."""
    seconds: float
    """How long the fixed rate is kept, and how long idleness is watched."""


@dataclass(frozen=True, slots=True)
class Delays:
    """From a message to its answer, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, found: Round) -> Delays:
        """None measured: both are nought."""
        if not found.delays:
            return cls(0, 0)
        p50, p99 = (percentile(found.delays, percent) * 1000 for percent in (50, 99))
        return cls(p50, p99)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured of one bot."""

    rate: float
    """Messages a second at saturation."""
    cpu: float
    """Seconds of CPU time for 1,000 messages at saturation."""
    server_cpu: float | None
    """The same of the PostgreSQL server; None where there is none, or none that can be looked at."""
    steady: Delays
    """At the fixed rate."""
    saturated: Delays
    idle: float
    """CPU time while nobody wrote, of one core; 1 is all of it."""
    memory: Sequence[float]
    """Resident MiB before the flood and after each tenth of it; empty where the system does not tell."""
    messages: int
    """Answered in all."""
    unanswered: int
    unasked: int
    messenger: float
    """CPU time of the messenger at saturation, of one core: near 1, the figures are its own."""


def hold(config: Config, contestant: Contestant, plan: Plan, tell: Tell) -> Outcome:
    """Measure it: one process bound to one core, or several bound to none, and the messenger bound to another one."""
    with bound((cores() or (None, None))[1]):
        return asyncio.run(_hold(config, contestant, plan, tell))


async def _hold(config: Config, contestant: Contestant, plan: Plan, tell: Tell) -> Outcome:
    crowd = Crowd(BUYERS)
    tell(f"{contestant.name}: opening")
    async with served(config, contestant, crowd.heard, BUYERS) as stand:
        return await _Trial(
            contestant.name, stand.bots, crowd, stand.messenger, stand.storage, plan, tell
        ).hold()


@dataclass(slots=True)
class _Trial:
    name: str
    bots: Children
    crowd: Crowd
    messenger: Messenger
    storage: server.Server | None
    plan: Plan
    tell: Tell
    rounds: list[Round] = field(default_factory=list)

    async def hold(self) -> Outcome:
        self._say("warming up")
        await self._flood(WARM_UP)
        idle = await self._idle()
        self._say(f"{self.plan.rate:g} messages/s")
        messages = max(int(self.plan.rate * self.plan.seconds), 1)
        steady = await self.crowd.drip(self.messenger.bring, messages, self.plan.rate)
        self.rounds.append(steady)
        own, stored, before = time.process_time(), await self._stored(), await self._need()
        flood, memory = await self._watched(before.memory)
        after, stored_then, own = await self._need(), await self._stored(), time.process_time() - own
        thousands = max(flood.answered, 1) / 1000
        of_server = None if stored is None or stored_then is None else (stored_then - stored) / thousands
        return Outcome(
            rate=flood.answered / flood.seconds,
            cpu=(after.cpu - before.cpu) / thousands,
            server_cpu=of_server,
            steady=Delays.of(steady),
            saturated=Delays.of(flood),
            idle=idle,
            memory=memory,
            messages=sum(each.answered for each in self.rounds),
            unanswered=sum(each.unanswered for each in self.rounds),
            unasked=sum(each.unasked for each in self.rounds),
            messenger=own / flood.seconds,
        )

    async def _flood(self, messages: int) -> Round:
        found = await self.crowd.flood(self.messenger.bring, messages)
        self.rounds.append(found)
        return found

    async def _idle(self) -> float:
        self._say("idle")
        await asyncio.sleep(_SETTLING)
        before, begun = await self._need(), time.perf_counter()
        await asyncio.sleep(self.plan.seconds)
        return ((await self._need()).cpu - before.cpu) / (time.perf_counter() - begun)

    async def _watched(self, memory: float | None) -> tuple[Round, list[float]]:
        """The flood, with a look at the memory after each part of it."""
        flood = asyncio.create_task(self._flood(self.plan.messages))
        found = [] if memory is None else [memory]
        for part in range(1, _PARTS + 1):
            self._say(
                f"{self.plan.messages * (part - 1) // _PARTS:,} of {self.plan.messages:,} at saturation"
            )
            while self.crowd.answered < self.plan.messages * part // _PARTS and not flood.done():
                await asyncio.wait((flood,), timeout=0.1)
            if (now := (await self._need()).memory) is not None:
                found.append(now)
        return await flood, found

    async def _need(self) -> Need:
        return await asyncio.to_thread(self.bots.need)

    async def _stored(self) -> float | None:
        return await self.storage.cpu() if self.storage else None

    def _say(self, what: str) -> None:
        self.tell(f"{self.name}: {what}")
