"""A shop while some flood it: how long the others wait for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

from bot.bench.desk.cores import bound, cores
from bot.bench.load.crowd import FIRST_CHAT, Bring, Crowd
from bot.bench.load.serving import Contestant, served
from bot.bench.load.trial import Delays, Tell
from bot.bench.load.wares import BUYERS
from bot.config import Config

AT_ONCE = 10
"""Messages that one of many flooders writes in a row: more than a person does."""
STEPS = 3
"""How often `hold` tells what it does now."""
_BEAT = 0.02
"""Seconds between two pushes of the flood."""
WARM_UP = 10.0
"""Seconds that the others write before anything is measured."""
_FLOODERS = FIRST_CHAT + BUYERS
"""The first of their chats."""
_SAID = ("退款一般多久到账", "在吗", "怎么还没发货", "你们这个优惠券怎么用", "我要投诉")


@dataclass(frozen=True, slots=True)
class Flood:
    """Who floods, and how much."""

    people: int
    """0: nobody does."""
    rate: float
    """Their messages a second, of all together."""
    seconds: float
    """How long."""
    others: float
    """Messages a second of those who do not flood."""
    per_second: int = 0
    """What the messenger takes in a second, over all chats; 0 for as much as there is."""


@dataclass(frozen=True, slots=True)
class Endured:
    """What became of the others while the flood went on."""

    delays: Delays
    longest: float
    """Milliseconds."""
    answered: int
    unanswered: int
    flooded: int
    """Messages of the flood that came in."""
    heard: int
    """Answers to who floods, meanwhile."""


def hold(config: Config, flood: Flood, url: str, tell: Tell) -> Endured:
    """Serve the shop through it, with a database of its own: a SQLite file, or one on the server at `url`."""
    with bound((cores() or (None, None))[1]):
        return asyncio.run(_hold(config, flood, url, tell))


async def _hold(config: Config, flood: Flood, url: str, tell: Tell) -> Endured:
    crowd, flooders = Crowd(BUYERS), _Flooders(flood.people)

    def heard(chat: int) -> None:
        (flooders.hear if chat >= _FLOODERS else crowd.heard)(chat)

    name = f"{flood.people:,} flood"
    tell(f"{name}: opening")
    async with served(config, Contestant("the shop", 1, url, flood.per_second), heard, BUYERS) as stand:
        bring = stand.messenger.bring
        tell(f"{name}: warming up")
        await crowd.drip(bring, max(int(flood.others * WARM_UP), 1), flood.others)
        tell(name)
        flooding = asyncio.create_task(flooders.write(bring, flood))
        found = await crowd.drip(bring, max(int(flood.others * flood.seconds), 1), flood.others)
        await flooding
        await asyncio.to_thread(stand.bots.need)  # it still lives
        return Endured(
            Delays.of(found),
            max(found.delays, default=0) * 1000,
            found.answered,
            found.unanswered,
            flooders.written,
            flooders.heard,
        )


def table(found: Iterable[Endured]) -> list[tuple[str, ...]]:
    """A row a figure, a column a flood."""
    each = list(found)
    rows: list[tuple[str, str, list[float]]] = [
        ("to the others' answer, p50, ms", "{:,.0f}", [one.delays.p50 for one in each]),
        ("to the others' answer, p99, ms", "{:,.0f}", [one.delays.p99 for one in each]),
        ("the longest, ms", "{:,.0f}", [one.longest for one in each]),
        ("others answered", "{:,}", [one.answered for one in each]),
        ("others not answered", "{:,}", [one.unanswered for one in each]),
        ("messages of the flood", "{:,}", [one.flooded for one in each]),
        ("answers to it meanwhile", "{:,}", [one.heard for one in each]),
    ]
    return [(title, *map(shape.format, values)) for title, shape, values in rows]


class _Flooders:
    """They write whether or not they are answered."""

    def __init__(self, people: int) -> None:
        self._people = people
        self.written = 0
        self.heard = 0

    def hear(self, _: int) -> None:
        """An answer came to one of them."""
        self.heard += 1

    async def write(self, bring: Bring, flood: Flood) -> None:
        """So many messages a second, each of them some in a row and then the next."""
        if not self._people:
            return
        begun = perf_counter()
        while True:
            passed = min(perf_counter() - begun, flood.seconds)
            while self.written < int(passed * flood.rate):
                who = self.written // AT_ONCE % self._people
                bring(_FLOODERS + who, f"Flooder {who}", "zh", _SAID[self.written % len(_SAID)])
                self.written += 1
            if passed >= flood.seconds:
                return
            await asyncio.sleep(_BEAT)
