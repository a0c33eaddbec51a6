"""Buyers who write to the shop on Telegram and in the web chat, and everything that reached them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Protocol

from bot.domain.messages import Speaker
from bot.pipeline.turns import Line
from tests.channels.web.browser import Browser, Stream, text_of
from tests.play.people import plain
from tests.play.telegram import TelegramBuyer

TO_BUYERS = (Speaker.BOT, Speaker.AGENT)


class Buyer(Protocol):
    """Somebody who writes, and hears."""

    said: list[str]

    async def says(self, text: str) -> None:
        """Write."""
        ...

    async def heard(self, last: int) -> list[str]:
        """All that ever reached them, up to the line with that number."""
        ...

    def reads(self, line: Line) -> str:
        """How that line stands where they read."""
        ...


class OnTelegram:
    """In a chat with the bot."""

    def __init__(self, buyer: TelegramBuyer) -> None:
        self.buyer = buyer
        self.said: list[str] = []

    async def says(self, text: str) -> None:
        self.said.append(text)
        await self.buyer.user.says(text)

    async def heard(self, _: int) -> list[str]:
        return [message.text for message in self.buyer.user.chat.sent]

    def reads(self, line: Line) -> str:
        """An agent's with the name above it."""
        said = plain(line.text)
        return f"客服 {line.name}\n{said}" if line.who is Speaker.AGENT else said


class InWebChat:
    """At the page, whose stream has been open all the time."""

    def __init__(self, browser: Browser, stream: Stream) -> None:
        self._browser = browser
        self._stream = stream
        self.said: list[str] = []

    @classmethod
    async def who_opens(cls, address: str, stack: AsyncExitStack) -> InWebChat:
        """The page, until the stack is closed."""
        browser = await stack.enter_async_context(Browser(address))
        return cls(browser, await stack.enter_async_context(browser.stream()))

    async def says(self, text: str) -> None:
        self.said.append(text)
        assert (await self._browser.write(text)).status_code == 202

    async def heard(self, last: int) -> list[str]:
        seen = [event for event in self._stream.seen if event.name == "line"]
        while not seen or seen[-1].id != last:
            seen.append(await self._stream.next("line"))
        return [text_of(event.data["body"]) for event in seen if event.data["who"] in TO_BUYERS]

    def reads(self, line: Line) -> str:
        """As it is: the name stands beside it."""
        return plain(line.text)
