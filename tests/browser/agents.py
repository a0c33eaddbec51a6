"""Agents at work: at the web desk in a real browser, and in the Telegram group. Each sees what came of what they did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Protocol

from playwright.async_api import Page, Request, expect

from bot.domain.cases import Case
from tests.doubles.bot_api import User
from tests.doubles.bot_api.message import Message
from tests.passwords import PASSWORD
from tests.play.telegram import TelegramStage

_IF_THERE = """button => {
  if (button.hidden || button.disabled) return "";
  button.click();
  return document.querySelector("#ask").open ? "asked" : "clicked";
}"""
"""A colleague may have been quicker, and the button gone; and who gives back words that nobody answered is asked about it."""
_OUTCOME = "#text:placeholder-shown:not([readonly]), #meanwhile[open], #trouble:not([hidden])"
"""Sent, held back for the agent to look again, or refused."""
_NUMBERS = count(1)
_PATIENCE = 20.0
"""For the answer to an act, in seconds: what never comes is a failure, not a suite that hangs."""

Decision = Callable[[], Awaitable[object]]


class Agent(Protocol):
    """Somebody at work in one place."""

    name: str
    tried: list[str]
    """What they wrote to buyers, each time in other words, whatever came of it."""

    async def opens(self, number: int) -> None:
        """Have the conversation before them."""
        ...

    async def claims(self) -> None:
        """Take it; they are told whether it is theirs."""
        ...

    async def says(self, text: str) -> None:
        """To the buyer."""
        ...

    async def does(self, command: str) -> None:
        """Type a command."""
        ...

    async def about_to(self, act: str, case: Case) -> Decision:
        """All but the last tap or key of an act on the case."""
        ...

    async def gives_back(self) -> None:
        """To the bot, if it is theirs."""
        ...


class AtPage:
    """At the web desk."""

    def __init__(self, name: str, page: Page) -> None:
        self.name = name
        self.page = page
        self.tried: list[str] = []
        self._done: asyncio.Queue[str] = asyncio.Queue()
        page.on("requestfinished", self._noted)

    def _noted(self, request: Request) -> None:
        """An act of this page was answered."""
        done = request.post_data_json if request.url.endswith("/desk/acts") else None
        if done:
            self._done.put_nowait(str(done["act"]))

    async def signs_in(self, login: str) -> None:
        await self.page.get_by_label("登录名").fill(login)
        await self.page.get_by_label("密码").fill(PASSWORD)
        await self.page.get_by_role("button", name="登录").click()

    async def opens(self, number: int) -> None:
        """By a click in the list."""
        await self.page.locator(f'#list .row[href="#{number}"]').click()
        await expect(self.page.locator("#log .line").first).to_be_visible()

    async def claims(self) -> None:
        await self._clicks("claim")

    async def says(self, text: str) -> None:
        self.tried.append(numbered(text))
        await self._types(self.tried[-1])

    async def _types(self, text: str) -> None:
        """What the buyer wrote meanwhile is read, and does not change it. Words that can't go out are taken out of the box."""
        box = self.page.locator("#text")
        await box.fill(text)
        await box.press("Enter")
        outcome = self.page.locator(_OUTCOME).first
        await outcome.wait_for()
        while await self.page.locator("#meanwhile").is_visible():
            await self.page.locator("#meanwhile-send").click()
            await outcome.wait_for()
        await box.fill("")

    async def does(self, command: str) -> None:
        await self._types(command)

    async def about_to(self, act: str, case: Case) -> Decision:
        await self.page.locator(f'[aria-label="{case.number}"] [data-act={act}]').click()
        if act == "refuse":
            await self.page.locator("#ask-text").fill("已经在打包了")

        async def decides() -> None:
            await self.page.locator("#ask-do").click()
            await self._answered(act)

        return decides

    async def gives_back(self) -> None:
        if await self.page.locator("#held").inner_text() == f"{self.name} 接待中":
            await self._clicks("release")

    async def _clicks(self, act: str) -> None:
        notes = self.page.locator("#log .line.system")
        before = await notes.count()
        came = await self.page.locator(f"#{act}").evaluate(_IF_THERE)
        if came == "asked":
            await self.page.locator("#ask-do").click()
        if came:
            await self._answered(act)
            await expect(notes.nth(before)).to_be_visible()

    async def _answered(self, act: str) -> None:
        async with asyncio.timeout(_PATIENCE):
            while await self._done.get() != act:
                pass


class InGroup:
    """In the staff group; a topic that is closed is left alone."""

    def __init__(self, name: str, user: User, stage: TelegramStage) -> None:
        self.name = name
        self._user = user
        self._stage = stage
        self._topic = 0
        self.tried: list[str] = []

    async def opens(self, number: int) -> None:
        topic = await self._stage.database.read(lambda unit: unit.topic(number))
        assert topic is not None
        self._topic = topic.thread

    async def claims(self) -> None:
        await self._told_after("/claim")

    async def says(self, text: str) -> None:
        if not self._stage.group.topics[self._topic].closed:
            self.tried.append(numbered(text))
            await self._user.says(self.tried[-1], chat=self._stage.group, topic=self._topic)

    async def does(self, command: str) -> None:
        await self._told_after(command)

    async def about_to(self, act: str, case: Case) -> Decision:
        why = " 已经在打包了" if act == "refuse" else ""
        return lambda: self._told_after(f"/{act} {case.number}{why}")

    async def gives_back(self) -> None:
        if self._stage.group.topics[self._topic].name.endswith(f" · {self.name}"):
            await self._told_after("/release")

    async def _told_after(self, command: str) -> None:
        group = self._stage.group
        if group.topics[self._topic].closed:
            return
        before = len(self._posts())
        await self._user.says(command, chat=group, topic=self._topic)
        await self._stage.api.wait_for(lambda: len(self._posts()) > before, what=f"an answer to {command}")

    def _posts(self) -> list[Message]:
        posts = self._stage.group.topic_messages(self._topic)
        return [message for message in posts if message.from_bot]


def numbered(text: str) -> str:
    """The text, told apart from all others."""
    return f"{text}（{next(_NUMBERS)}）"
