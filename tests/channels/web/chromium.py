"""A Chromium that plays with our pages, and complains when a page does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright, expect

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 20_000
"""Milliseconds a page may take: long, since only a failing test waits that long, on however busy a machine."""

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def pages(chromium: Path) -> AsyncIterator[Pages]:
    """A running browser; at the end nothing may have been complained about in any page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        opened = Pages(browser)
        yield opened
        await browser.close()
        assert opened.complaints == []


class Pages:
    """Opens pages, each as a browser of its own."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.complaints: list[str] = []

    async def open(self, url: str, *, width: int = 390, height: int = 780, **options: Any) -> Page:
        """A page in a fresh profile; phone-sized unless said otherwise."""
        options = {"locale": "zh-CN", **options}
        context = await self._browser.new_context(viewport={"width": width, "height": height}, **options)
        page: Page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if _bad(said) else None)
        await page.goto(url)
        return page


def _bad(said: Any) -> bool:
    """True for what a page must never say; that a request failed is some tests' intent."""
    return said.type == "error" and "Failed to load resource" not in said.text
