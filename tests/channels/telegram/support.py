"""Small stand-ins for what the pipeline will bring: an inbox and a database that remember."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bot.domain.conversation import Conversation
from bot.domain.messages import Attachment
from bot.pipeline.arrivals import Arrival
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import Delivery

T = TypeVar("T")
STAFF_CHAT = -1001234567890


@dataclass
class Inbox:
    """Keeps arrivals; `broken` makes it fail, `gate` makes it wait."""

    arrivals: list[Arrival] = field(default_factory=list)
    broken: Exception | None = None
    refusals: int = 0
    gate: asyncio.Event | None = None
    under_way: int = 0
    most_under_way: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, seen: Callable[[Inbox], bool]) -> None:
        """Waits until this is so."""
        while not seen(self):
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.changed.set()
        try:
            if self.gate:
                await self.gate.wait()
            if self.broken:
                self.refusals += 1
                self.changed.set()
                raise self.broken
            self.arrivals.extend(arrivals)
        finally:
            self.under_way -= 1

    @property
    def origins(self) -> list[str]:
        return [arrival.origin for arrival in self.arrivals]


@dataclass
class Conversations:
    """A database of conversations and nothing else."""

    known: dict[int, Conversation] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)

    def conversation(self, conversation_id: int) -> Conversation | None:
        return self.known.get(conversation_id)

    def topic(self, conversation_id: int) -> Topic | None:
        return self.topics.get(conversation_id)

    def put_topic(self, conversation_id: int, topic: Topic) -> None:
        self.topics[conversation_id] = topic
        self.known[conversation_id] = replace(self.known[conversation_id], staff_thread=topic.thread)

    def last_card(self, conversation_id: int) -> None:
        """None was ever posted."""

    def copies(self, conversation_id: int, channel: str, of: Iterable[str] = (), key: str = "") -> list[str]:
        return []

    def twin(self, conversation_id: int, channel: str, mark: str) -> str:
        return ""

    async def read(self, job: Callable[[Any], T]) -> T:
        return job(self)

    async def write(self, job: Callable[[Any], T]) -> T:
        return job(self)

    async def write_alone(self, job: Callable[[Any], T]) -> T:
        return job(self)


def delivery(
    text: str = "你好",
    *,
    number: int = 1,
    address: str = "42",
    channel: str = "telegram",
    buttons: tuple[tuple[str, str], ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Delivery:
    """An outbox row on its way."""
    return Delivery(number, 1, channel, address, text, buttons, attachments, attempts=0)
