"""The shop as a process of its own: started, killed, started again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.shop import ROOT, Shop
from tests.doubles.bot_api import BotApi

STAFF = -1001234567890


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
    running: asyncio.subprocess.Process | None = None
    starts: int = 0
    said: int = 0
    """Bytes of its log from before it was started last."""
    codes: list[int] = field(default_factory=list)
    """How each ended."""

    async def start(self) -> None:
        """A new one; it takes up where the last one was stopped."""
        self.starts += 1
        self.said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "-C",
                str(self.shop.folder),
                "run",
                "--role",
                self.role,
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to tidy up."""
        assert self.running
        self.running.kill()
        self.codes.append(await self.running.wait())

    @property
    def up(self) -> bool:
        """It can be stopped."""
        return b"Stop with Ctrl-C." in self.log.read_bytes()[self.said :]

    async def stop(self) -> int:
        """SIGTERM, once it is up: it finishes what is under way. How it ended."""
        assert self.running
        async for _ in pulse(0.05):
            if self.up or self.running.returncode is not None:
                break
        self.running.terminate()
        try:
            async with asyncio.timeout(20):
                self.codes.append(await self.running.wait())
        except TimeoutError:
            await self.kill()
        return self.codes[-1]

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
