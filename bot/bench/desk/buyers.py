"""Buyers who write in the web chat, at times that are fixed beforehand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from uuid import uuid4

import aiohttp

from bot.bench.desk.marks import mark, marked
from bot.channels.web.guard import PROOF

SAID = (
    "我的快递到哪了",
    "Where is my parcel?",
    "在吗",
    "什么时候退款",
    "How long does a refund take?",
    "好的，谢谢",
)
"""What they write, in turn."""
FIRST = ("转人工", "你好")
_PROOF = re.compile(r'name="csrf" content="([^"]+)"')


@dataclass(slots=True)
class Buyer:
    """One visitor's browser."""

    host: str
    """The network address the proxy says they come from."""
    conversation: int = 0
    """Theirs with the shop, once it is known."""
    headers: dict[str, str] = field(default_factory=dict)

    async def visit(self, browser: aiohttp.ClientSession) -> None:
        """Open the page: it gives the cookie, and the token that goes with each message."""
        async with browser.get("/", headers={"X-Forwarded-For": self.host}) as page:
            page.raise_for_status()
            proof = _PROOF.search(await page.text())
            cookies = "; ".join(f"{name}={kept.value}" for name, kept in page.cookies.items())
        self.headers = {
            "X-Forwarded-For": self.host,
            "Cookie": cookies,
            PROOF: proof[1] if proof else "",
        }

    async def write(self, browser: aiohttp.ClientSession, text: str) -> bool:
        """Send a message; False when it was refused."""
        body = {"id": str(uuid4()), "text": text}
        async with browser.post("/chat/messages", json=body, headers=self.headers) as answer:
            await answer.read()
            return answer.status == 202


def buyers(count: int) -> list[Buyer]:
    """So many, each from an address of their own."""
    return [Buyer(f"198.18.{number // 250}.{number % 250 + 1}") for number in range(count)]  # RFC 2544


@dataclass(frozen=True, slots=True)
class Message:
    """What a buyer wrote."""

    conversation: int
    due: float
    """When it was to be sent, by this process's clock: what waits because the shop is slow has waited, too."""


@dataclass(slots=True)
class Sent:
    """What was sent."""

    messages: dict[str, Message] = field(default_factory=dict)
    """By their marks."""
    refused: int = 0


async def write_all(
    browser: aiohttp.ClientSession, people: Sequence[Buyer], rate: float, seconds: float
) -> Sent:
    """Write at this rate for that long, whether or not the shop keeps up with it."""
    sent, start = Sent(), perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            buyer = people[number % len(people)]
            sent.messages[mark(number)] = Message(buyer.conversation, due)
            group.create_task(_write(browser, buyer, marked(SAID[number % len(SAID)], number), sent))
    return sent


async def _write(browser: aiohttp.ClientSession, buyer: Buyer, text: str, sent: Sent) -> None:
    try:
        sent.refused += not await buyer.write(browser, text)
    except aiohttp.ClientError:
        sent.refused += 1
