"""The shop as a process of its own: started, killed, started again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

from tests.crash.shop import ROOT, Shop
from tests.doubles.bot_api import BotApi

STAFF = -1001234567890
PATIENCE = 60.0
"""Seconds it gets to be up, before it is stopped all the same."""
GRACE = 20.0
"""Seconds it gets to finish what is under way."""


async def pulse(seconds: float) -> AsyncIterator[None]:
    """Again and again, for what only looking tells."""
    while True:
        yield
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Served:
    """`python -m bot run`, again and again."""

    shop: Shop
    api: BotApi
    log: Path
    role: str = "all"
    webhook: bool = False
    port: int = 0
    a_second: int = 0
    """Messages it may send in a second; 0: no limit of any kind."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """More of it."""
    version: Path = ROOT
    """The checkout whose code is run."""
    running: asyncio.subprocess.Process | None = None
    starts: int = 0
    said: int = 0
    """Bytes of its log from before it was started last."""
    fell: list[int] = field(default_factory=list)
    """How those ended that were up, and that nobody ended."""
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _manager: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """A new one; it takes up where the last one was stopped. One that can't start, for the database is away just then, is
        started again, as a service manager does."""
        self._manager = asyncio.create_task(self._manage(await self._begin()))

    async def _manage(self, process: asyncio.subprocess.Process) -> None:
        while True:
            code = await process.wait()
            async with self._changing:
                if self.running is not process:
                    return
                if self.up:
                    self.fell.append(code)
                    return
                process = await self._begin()

    async def _begin(self) -> asyncio.subprocess.Process:
        self.starts += 1
        self.said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "-C", str(self.shop.folder), "run", "--role", self.role),
                cwd=self.version,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        return self.running

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to tidy up."""
        async with self._changing:
            await self._end(SIGKILL)

    @property
    def up(self) -> bool:
        """It can be stopped."""
        return b"Stop with Ctrl-C." in self.log.read_bytes()[self.said :]

    async def risen(self) -> None:
        """Until it is up, or has had all the time it gets for that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for _ in pulse(0.05):
                    if self.up:
                        break

    async def stop(self) -> int:
        """SIGTERM, once it is up: it finishes what is under way. How it ended."""
        await self.risen()
        async with self._changing:
            try:
                async with asyncio.timeout(GRACE):
                    return await self._end(SIGTERM)
            except TimeoutError:
                return await self._end(SIGKILL)

    async def _end(self, how: Signals) -> int:
        assert self.running
        if self.running.returncode is None:
            self.running.send_signal(how)
        code = await self.running.wait()
        self.running = None
        return code

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "SHOUHOU_TELEGRAM__BASE_URL": self.api.base_url,
            "SHOUHOU_TELEGRAM__BASE_FILE_URL": self.api.base_file_url,
            "SHOUHOU_TELEGRAM__STAFF_CHAT": str(STAFF),
            "SHOUHOU_TELEGRAM__MESSAGES_PER_SECOND": str(self.a_second),
            "SHOUHOU_POLICY__MESSAGES_A_MINUTE": "1000",
            "SHOUHOU_STORAGE__URL": self.shop.url,
            "SHOUHOU_TELEGRAM__MODE": "webhook" if self.webhook else "polling",
            "SHOUHOU_TELEGRAM__WEBHOOK_URL": "https://shop.example/telegram" if self.webhook else "",
            "SHOUHOU_WEBHOOK_SECRET": "of-no-worth",
            "SHOUHOU_WEB__PORT": str(self.port),
            "SHOUHOU_WEB__DEMO": "false",
            "SHOUHOU_SECRET_KEY": "a secret for crashes, of no worth",
            **self.environment,
        }
