"""One shop, so many screens, buyers who write: what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

import aiohttp

from bot.bench.desk.buyers import FIRST, Buyer, Sent, buyers, write_all
from bot.bench.desk.cores import bound, cores
from bot.bench.desk.house import House, opened
from bot.bench.desk.screens import Screen, placed
from bot.bench.scores import percentile
from bot.config import Config
from bot.errors import ShouhouError

BUYERS = 100
"""As many as the desk's list has rows, so that each message changes it."""
MOST_A_SECOND = 100
"""Messages that so many buyers may write before the shop slows them down."""
_TAKEN = 2
"""Of every so many conversations, one is an agent's; the bot answers in the others."""
_TRAILING = 20.0
"""Seconds that the last messages have to be shown, after they were sent."""
_LIST_LATER = 1.0
"""Seconds that the list may come after the line."""
_OPENING = 60.0
"""Seconds that all streams have to be open."""


@dataclass(frozen=True, slots=True)
class Delays:
    """From the time a message was to be sent to the time a screen had it, in milliseconds, over all screens."""

    samples: int
    p50: float
    p90: float
    p99: float
    worst: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Delays:
        """None measured: all are nought."""
        if not seconds:
            return cls(0, 0, 0, 0, 0)
        each = (percentile(seconds, percent) * 1000 for percent in (50, 90, 99, 100))
        return cls(len(seconds), *each)

    @property
    def each(self) -> tuple[float, float, float, float]:
        """In their order."""
        return (self.p50, self.p90, self.p99, self.worst)


@dataclass(frozen=True, slots=True)
class Load:
    """What it took, while the buyers wrote."""

    server: float
    """The shop's CPU time, of one core; 1 is all of it."""
    waited: float | None
    """How long its threads waited for the core, together, of the time: others had it, or one of them. None where the system
    does not tell."""
    drivers: float
    """The CPU time of those who wrote and read: near 1, the delays are theirs."""
    bytes_a_second: float
    """Of all streams."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured with so many streams."""

    streams: int
    sent: int
    refused: int
    watched: int
    """Messages in conversations that some screen has open."""
    lost: int
    """Of them, those that at least one such screen has not shown."""
    line: Delays
    """To the line in the open conversation."""
    row: Delays
    """To the row in the list."""
    load: Load


def hold(config: Config, streams: int, rate: float, seconds: float) -> Outcome:
    """Measure it with the shop in the current folder, bound to one core where that can be, and everybody else to another."""
    ours, theirs = cores() or (None, None)
    with opened(config, streams, ours) as house, bound(theirs):
        return asyncio.run(_hold(house, streams, rate, seconds))


async def _hold(house: House, streams: int, rate: float, seconds: float) -> Outcome:
    async with AsyncExitStack() as stack:
        quiet = aiohttp.ClientTimeout(total=None)
        desks, chats = [
            await stack.enter_async_context(
                aiohttp.ClientSession(
                    house.address,
                    connector=aiohttp.TCPConnector(limit=most),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=quiet,
                )
            )
            for most in (0, BUYERS)
        ]
        people = buyers(BUYERS)
        screens = placed(streams, await _begin(house, chats, people))
        reading = [
            asyncio.create_task(screen.read(desks, token))
            for screen, token in zip(screens, house.tokens, strict=True)
        ]
        try:
            await _all_ready(screens, reading)
            return await _measured(house, chats, people, screens, rate, seconds)
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)


async def _begin(house: House, chats: aiohttp.ClientSession, people: Sequence[Buyer]) -> Sequence[int]:
    """Every buyer says hello, and an agent takes some of them; returns their conversations."""
    await asyncio.gather(*(buyer.visit(chats) for buyer in people))
    for number, buyer in enumerate(people):
        if not await buyer.write(chats, FIRST[number % len(FIRST)]):
            raise ShouhouError("the shop that is measured refuses its first buyers")
    await _settled(house)
    numbers: Sequence[int] = house.ask("claimed", _TAKEN)
    for buyer, number in zip(people, numbers, strict=True):  # they came one after the other
        buyer.conversation = number
    await _settled(house)
    return numbers


async def _settled(house: House) -> None:
    while house.ask("waiting"):  # noqa: ASYNC110 -- the house tells nobody that it rests
        await asyncio.sleep(0.1)


async def _all_ready(screens: Sequence[Screen], reading: Sequence[asyncio.Task[None]]) -> None:
    waiting = asyncio.gather(*(screen.ready.wait() for screen in screens))
    try:
        async with asyncio.timeout(_OPENING):
            await waiting
    except TimeoutError:
        broken = [task for task in reading if task.done()]
        raise ShouhouError(
            f"{sum(not screen.ready.is_set() for screen in screens)} of {len(screens)} streams did not open within "
            f"{_OPENING:.0f} s ({len(broken)} were refused or cut off)"
        ) from None


async def _measured(
    house: House,
    chats: aiohttp.ClientSession,
    people: Sequence[Buyer],
    screens: Sequence[Screen],
    rate: float,
    seconds: float,
) -> Outcome:
    begun, read = perf_counter(), sum(screen.size for screen in screens)
    (cpu, waited), own = house.ask("cpu"), time.process_time()
    sent = await write_all(chats, people, rate, seconds)
    took = perf_counter() - begun
    (cpu_then, waited_then), own = house.ask("cpu"), time.process_time() - own
    read = sum(screen.size for screen in screens) - read
    await _trail(screens, sent)
    return outcome(
        screens,
        sent,
        house.ask("said"),
        Load(
            (cpu_then - cpu) / took,
            None if waited is None else (waited_then - waited) / took,
            own / took,
            read / took,
        ),
    )


async def _trail(screens: Sequence[Screen], sent: Sent) -> None:
    """Wait for the last to be shown."""
    end = perf_counter() + _TRAILING
    while perf_counter() < end and any(_missing(screens, sent).values()):  # noqa: ASYNC110 -- screens tell nobody
        await asyncio.sleep(0.2)
    await asyncio.sleep(_LIST_LATER)


def _missing(screens: Sequence[Screen], sent: Sent) -> dict[str, int]:
    """Message in a conversation that some screen has open, to how many such screens have not shown it."""
    open_at: dict[int, list[Screen]] = {}
    for screen in screens:
        open_at.setdefault(screen.conversation, []).append(screen)
    return {
        mark: sum(mark not in screen.lines for screen in open_at[message.conversation])
        for mark, message in sent.messages.items()
        if message.conversation in open_at
    }


def outcome(screens: Sequence[Screen], sent: Sent, said_at: Mapping[str, datetime], load: Load) -> Outcome:
    """What the screens show of what was sent. `said_at` has when the shop noted each message."""
    missing = _missing(screens, sent)
    lines = [at - sent.messages[mark].due for screen in screens for mark, at in screen.lines.items()]
    rows = [
        at - message.due
        for screen in screens
        if screen.reads_list
        for mark, message in sent.messages.items()
        for at in screen.listed(message.conversation, said_at.get(mark))
    ]
    return Outcome(
        len(screens),
        len(sent.messages),
        sent.refused,
        len(missing),
        sum(map(bool, missing.values())),
        Delays.of(lines),
        Delays.of(rows),
        load,
    )
