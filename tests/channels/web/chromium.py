"""A Chromium that plays with our pages, and complains when a page does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

PATIENCE = 20_000
"""Milliseconds a page may take: long, since only a failing test waits that long, on however busy a machine."""

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def pages(browser: Browser) -> AsyncIterator[Pages]:
    """Pages of a running browser (`tests.equipment.browser_process`); at the end none of them may have complained."""
    opened = Pages(browser)
    try:
        yield opened
    finally:
        await opened.close()
    assert opened.complaints == []


class Pages:
    """Opens pages, each in a profile of its own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def open(self, url: str, *, width: int = 390, height: int = 780, **options: Any) -> Page:
        """A page in a fresh profile; phone-sized unless said otherwise."""
        options = {"locale": "zh-CN", **options}
        context = await self._browser.new_context(viewport={"width": width, "height": height}, **options)
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if _bad(said) else None)
        await page.goto(url)
        return page

    async def close(self) -> None:
        """All of them."""
        for context in self._contexts:
            await context.close()


def _bad(said: Any) -> bool:
    """True for what a page must never say; that a request failed is some tests' intent."""
    return said.type == "error" and "Failed to load resource" not in said.text
