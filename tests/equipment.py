"""What some tests need and not every machine has: a Chromium, a PostgreSQL server.

Such tests are skipped where it is missing, and the summary says so. `SHOUHOU_TESTS_MUST_RUN=browser,postgresql`
turns those skips into failures; `.ci/run` sets it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

if TYPE_CHECKING:
    from playwright.async_api import Browser

TITLES = {"browser": "browser tests", "postgresql": "PostgreSQL tests"}

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = (
    "chromium-headless-shell",  # the same engine without a window: half the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
PLAYWRIGHTS_OWN = (
    ".cache/ms-playwright/chromium_headless_shell-*/chrome-linux*/headless_shell",
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "AppData/Local/ms-playwright/chromium-*/chrome-win*/chrome.exe",
)


def find_chromium() -> Path | None:
    """The Chromium to test with: `SHOUHOU_CHROMIUM`, one on PATH or in its usual place, or Playwright's own."""
    named = os.environ.get("SHOUHOU_CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    return next(_chromiums(), None)


def _chromiums() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (Path(place) for place in PLACES if Path(place).is_file())
    for pattern in PLAYWRIGHTS_OWN:
        yield from sorted(Path.home().glob(pattern), reverse=True)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of the browser; see `browser_process`."""
    found = find_chromium()
    if found is None:
        missing(
            "browser",
            "no Chromium found; install one (Debian: apt-get install chromium-headless-shell) or set SHOUHOU_CHROMIUM",
        )
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser_process(chromium: Path) -> AsyncIterator[Browser]:
    """A running browser for all tests of a process, which run in its loop: `pytest.mark.asyncio(loop_scope="session")`.

    Starting one takes a second; a page of its own (`tests.channels.web.chromium.pages`) keeps each test apart.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 -- most test processes start without

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """SQLite need not wait for the disk here, as PostgreSQL need not (`tests.stores`); processes of their own do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.database.SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session", autouse=True)
def never_busy() -> Iterator[None]:
    """What spares a busy shop's processor takes time that the few messages of a test need not wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.pipeline.wake.BREATH", 0.0)
        patch.setattr("bot.app.settle_down", lambda: None)
        yield


class _Hasty:
    """asyncio, whose sleeps are a twentieth as long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)


@pytest.fixture(scope="session", autouse=True)
def web_servers_end_at_once() -> Iterator[None]:
    """uvicorn looks ten times a second whether the last connection is closed, the first time a tenth of a second after it
    was: longer than most tests that ask a server something."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", _Hasty())
        yield


QUICK = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
"""Keeps passwords of no worth, in no time."""


@pytest.fixture(scope="session", autouse=True)
def passwords_kept_quickly() -> Iterator[None]:
    """Each shop that is served keeps one to compare guesses with, and what guessing is to cost takes a sixth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.desk.passwords.PasswordHasher", QUICK)
        yield


def missing(what: str, reason: str) -> NoReturn:
    """Skip the test for lack of `what` ("browser" or "postgresql"), or fail it where it must run."""
    if what in os.environ.get("SHOUHOU_TESTS_MUST_RUN", "").split(","):
        pytest.fail(f"{reason} (SHOUHOU_TESTS_MUST_RUN names {what})", pytrace=False)
    pytest.skip(reason)


# ------------------------------------------------------------------------------------------ who needs what


def needs(item: pytest.Item) -> set[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    case = getattr(item, "callspec", None)
    found = set()
    if "chromium" in fixtures or item.get_closest_marker("browser"):
        found.add("browser")
    if (
        any(name.startswith("postgres") for name in fixtures)
        or (case is not None and "postgres" in case.id)
        or item.get_closest_marker("postgresql")
    ):
        found.add("postgresql")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that play in a browser come first: then it is one process's tests that do, and one browser that starts."""
    for item in items:
        for what in sorted(needs(item)):
            item.add_marker(what)
            item.user_properties.append(("needs", what))  # travels from xdist's workers with each report
    items.sort(key=lambda item: "browser" not in needs(item))


# ------------------------------------------------------------------------------------------ the summary


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what this machine could test")
    for what in TITLES:
        terminalreporter.line(summary(what, terminalreporter.stats))


def summary(what: str, stats: dict[str, list[object]]) -> str:
    """One line: how many of the tests that need `what` ran, and why the others did not."""
    reports = {
        outcome: [report for report in stats.get(outcome, ()) if _needed(what, report)]
        for outcome in ("passed", "failed", "error", "skipped")
    }
    counts = [f"{len(found)} {outcome}" for outcome, found in reports.items() if found]
    if not counts:
        return f"{TITLES[what]}: none among those chosen"
    reasons = sorted({_reason(report) for report in reports["skipped"]})
    line = f"{TITLES[what]}: {', '.join(counts)}"
    return line if not reasons else f"{line} — not run: {'; '.join(reasons)}"


def _needed(what: str, report: object) -> bool:
    return ("needs", what) in [tuple(pair) for pair in getattr(report, "user_properties", ())]


def _reason(report: object) -> str:
    where = getattr(report, "longrepr", None)
    said = str(where[2]) if isinstance(where, tuple) else str(where)
    return said.removeprefix("Skipped: ")
