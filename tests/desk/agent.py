"""A browser signed in at the desk, over httpx."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx

from tests.channels.web.browser import Browser
from tests.passwords import PASSWORD


async def sign_in(browser: Browser, password: str = PASSWORD, login: str = "mia") -> httpx.Response:
    """What comes of signing in."""
    answer = await browser.client.post("/desk/sign-in", data={"login": login, "password": password})
    await browser.load()
    return answer


class Agent(Browser):
    """Somebody who signs in as soon as the page asks for it."""

    def __init__(self, url: str, login: str = "mia", page: str = "/desk") -> None:
        super().__init__(url, page)
        self.login = login

    async def load(self) -> httpx.Response:
        """The page; its forms' token is kept for `submit`."""
        page = await super().load()
        if 'name="password"' in page.text and 'action="/desk/sign-in"' in page.text:
            data = {"login": self.login, "password": PASSWORD}
            await self.client.post("/desk/sign-in", data=data)
            page = await super().load()
        found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page.text)
        self.proof = found[1] if found else ""
        return page

    async def act(self, act: str, conversation: int, **more: object) -> httpx.Response:
        """An act of the desk."""
        body: dict[str, Any] = {"id": str(uuid4()), "act": act, "conversation": conversation, **more}
        return await self.post("/desk/acts", **body)

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        """A form of one of our pages, with its token."""
        return await self.client.post(path, data={"csrf": self.proof, **fields})
