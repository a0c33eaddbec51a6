"""Buyers at the shop's page and an agent at its desk, who go on whatever happens to the processes that serve them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any, Self
from uuid import uuid4

import httpx

from bot.domain.messages import Speaker
from bot.store.database import SqlDatabase
from tests.channels.web.browser import Browser, Event, text_of
from tests.crash.record import numbers_in_web, read_last
from tests.crash.shop import DESK_LOGIN
from tests.desk.agent import Agent

SAYS = ("我的快递到哪了", "多久到账", "怎么退货", "你们几点下班", "谢谢", "运费谁出")
AGAIN_AFTER = 0.2
"""Seconds: as long as the page waits at first."""
PACE = (1.0, 3.0)
"""Seconds between two messages of a visitor, and between two of the agent's."""
TAKEN = 202
STALE = frozenset({401, 403})
"""The page is to be loaded again."""
LATER = frozenset({429, 500, 502, 503, 504})


async def posts(browser: Browser, path: str, **body: Any) -> None:
    """Under one key, until it is taken: what was taken without an answer is taken once."""
    key = str(uuid4())
    while True:
        with suppress(httpx.HTTPError):
            answer = await browser.post(path, id=key, **body)
            if answer.status_code == TAKEN:
                return
            if answer.status_code in STALE:
                await browser.load()
            elif answer.status_code not in LATER:
                raise AssertionError(f"{path} was answered {answer.status_code}: {answer.text[:200]}")
        await asyncio.sleep(AGAIN_AFTER)


async def loads(browser: Browser) -> None:
    """The page, as soon as it is served."""
    while not browser.proof:
        with suppress(httpx.HTTPError):
            await browser.load()
        await asyncio.sleep(AGAIN_AFTER)


async def moments(chance: random.Random, closing: asyncio.Event) -> AsyncIterator[int]:
    """Numbered, at the pace of people, until it closes."""
    for number in count():
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(*PACE)):
                await closing.wait()
                return
        yield number


@dataclass(slots=True)
class Visitor:
    """A buyer in the web chat, whose page stays open."""

    name: str
    browser: Browser
    random: random.Random
    said: list[str] = field(default_factory=list)
    """What was taken, in order."""
    seen: list[Event] = field(default_factory=list)
    """The lines that came, in order."""

    @property
    def last(self) -> int:
        """The newest line the page has."""
        return max((event.id or 0 for event in self.seen), default=0)

    async def says(self, text: str) -> None:
        """Until the shop has it."""
        await posts(self.browser, "/chat/messages", text=text)
        self.said.append(text)

    async def writes(self, closing: asyncio.Event) -> None:
        """On and on, until it closes."""
        texts = cycle(SAYS)
        async for number in moments(self.random, closing):
            await self.says(f"{next(texts)}？{self.name}-{number}")

    async def reads(self) -> None:
        """On and on, from where the page was when it was cut off."""
        while True:
            with suppress(httpx.HTTPError, AssertionError):  # the shop is down, or can't be asked just now
                async with self.browser.stream(last=self.last) as stream:
                    while event := await stream.event():
                        if event.name == "line":
                            self.seen.append(event)
            await asyncio.sleep(AGAIN_AFTER)


@dataclass(slots=True)
class Pages:
    """All of them."""

    visitors: list[Visitor]
    agent: Agent
    random: random.Random
    url: str
    """Of the database."""
    answered: list[str] = field(default_factory=list)
    """What the agent's desk took, in order."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The conversation of each visitor, by name."""
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _writing: list[asyncio.Task[None]] = field(default_factory=list)
    _reading: list[asyncio.Task[None]] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @classmethod
    def at(cls, door: str, url: str, visitors: int, seed: int) -> Pages:
        """Of the process that serves pages there."""
        chance = random.Random(seed)
        found = [Visitor(f"访客{number}", Browser(door), chance) for number in range(visitors)]
        return cls(found, Agent(door, DESK_LOGIN), chance, url)

    async def __aenter__(self) -> Self:
        for browser in (self.agent, *(visitor.browser for visitor in self.visitors)):
            self._stack.push_async_callback(browser.client.aclose)
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in (*self._writing, *self._reading):
            task.cancel()
        await asyncio.gather(*self._writing, *self._reading, return_exceptions=True)
        await self._stack.aclose()

    async def begin(self) -> None:
        """Each opens the page and says who they are; then all go on by themselves."""
        await loads(self.agent)
        for visitor in self.visitors:
            await loads(visitor.browser)
            await visitor.says(f"你好，{visitor.name}")
            self._reading.append(asyncio.create_task(visitor.reads()))
        async with SqlDatabase(self.url, exclusive=False) as database:
            while len(self.numbers) < len(self.visitors):
                await asyncio.sleep(AGAIN_AFTER)
                found = await database.read(numbers_in_web)
                self.numbers = {text.partition("，")[2]: number for text, number in found.items()}
        self._writing += [asyncio.create_task(visitor.writes(self._closing)) for visitor in self.visitors]
        self._writing.append(asyncio.create_task(self._serves()))

    async def _serves(self) -> None:
        """The agent answers one after the other, and gives each back."""
        visitors = cycle(self.visitors)
        async for place in moments(self.random, self._closing):
            number, text = self.numbers[next(visitors).name], f"您好，我来看看（{place}）"
            await posts(self.agent, "/desk/acts", act="say", conversation=number, text=text)
            self.answered.append(text)
            await posts(self.agent, "/desk/acts", act="release", conversation=number)

    async def fall_silent(self) -> None:
        """No more is begun, and what was begun is taken."""
        self._closing.set()
        await asyncio.gather(*self._writing)

    async def all_read(self, database: SqlDatabase) -> bool:
        """Whether each page has the last line of its conversation."""
        last = await database.read(read_last)
        return all(visitor.last >= last[self.numbers[visitor.name]] for visitor in self.visitors)


def own(visitor: Visitor) -> Iterator[tuple[int, str]]:
    """What came to the page beside its own words: number and text."""
    for event in visitor.seen:
        if event.data["who"] != Speaker.BUYER.value:
            yield event.id or 0, text_of(event.data["body"])
