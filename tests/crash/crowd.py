"""Buyers who go on writing whatever happens to the shop, and an agent who decides what reaches the desk."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.crash.process import STAFF
from tests.crash.shop import Shop, orders_of
from tests.crash.world import Arrival, number_in
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api.message import Message

TICK = 0.004
BELL = "详见置顶的卡片"
"""Who is called again hears this: the card itself is edited, and makes no sound."""
NEEDS_A_PERSON = 4
"""Every so manieth buyer asks for one now and then."""


@dataclass(slots=True)
class Crowd:
    """Everybody outside, and what they did and heard."""

    api: BotApi
    shop: Shop
    random: random.Random
    said: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    """By chat, in the order it was sent."""
    answered: list[Message] = field(default_factory=list)
    """What the agent wrote to buyers."""
    heard: list[Arrival] = field(default_factory=list)
    """Everything the bot wrote, in the order it arrived."""
    troubles: list[str] = field(default_factory=list)
    agent_busy: set[asyncio.Task[None]] = field(default_factory=set)
    elsewhere: frozenset[int] = frozenset()
    """The conversations that are served at the desk."""

    def __post_init__(self) -> None:
        self.api.forum_group(STAFF)
        self.api.world.on_sent.append(self._note)

    async def write(self, seconds: float, rate: float) -> None:
        """So many messages a second, from buyers drawn by chance."""
        scripts = {buyer: script(buyer) for buyer in self.shop.buyers}
        loop = asyncio.get_running_loop()
        begun, sent = loop.time(), 0
        while (now := loop.time()) < begun + seconds:
            while sent < (now - begun) * rate:
                buyer = self.random.choice(self.shop.buyers)
                self.say(buyer, next(scripts[buyer]))
                sent += 1
            await asyncio.sleep(TICK)

    def say(self, buyer: int, text: str) -> None:
        """One message."""
        self.said[buyer].append(self.api.user(buyer).say_now(text))

    def _note(self, message: Message) -> None:
        self.heard.append(Arrival.of(self.api.clock(), message))
        calls = message.chat_id == STAFF and (message.labels or BELL in message.text)
        if calls and self._number_of(message.thread_id) not in self.elsewhere:
            task = asyncio.create_task(self._decide(message.thread_id))
            self.agent_busy.add(task)
            task.add_done_callback(self._decided)

    def _number_of(self, topic: int | None) -> int | None:
        """The conversation of a topic, as its name has it."""
        found = self.api.forum_group(STAFF).topics.get(topic or 0)
        return number_in(found.name) if found else None

    def _decided(self, task: asyncio.Task[None]) -> None:
        self.agent_busy.discard(task)
        if trouble := task.exception():
            self.troubles.append(f"the agent could not go on: {trouble!r}")

    async def _decide(self, topic: int | None) -> None:
        """The agent agrees to what is asked, impatiently (twice), and gives the conversation back."""
        agent, group = self.api.user(900, first_name="小周"), self.api.forum_group(STAFF)
        await asyncio.sleep(self.random.uniform(0.05, 0.5))
        for post in [post for post in group.topic_messages(topic) if post.from_bot] if topic else ():
            for button in [button for row in post.buttons for button in row]:
                if button.text.startswith("同意打款"):
                    await agent.forges(button.data, post)
                    await agent.forges(button.data, post)
        if topic in group.topics:
            self.answered.append(await agent.says("您好，马上帮您处理", chat=group, topic=topic))
            await agent.says("/release", chat=group, topic=topic)


def script(buyer: int) -> Iterator[str]:
    """Questions and answers without end: parcels, applications, revocations, and for some a person."""
    orders = orders_of(buyer)
    for round_ in count():
        order = orders[round_ % len(orders)]
        yield f"我的快递到哪了 {order}"
        yield f"我要退款，订单号 {order}"
        yield "是的"
        if buyer % NEEDS_A_PERSON == 0 and round_ % 2 == 0:
            yield "转人工"
            yield "有人在吗"
        else:
            yield "撤销退款"
            yield "是的"
