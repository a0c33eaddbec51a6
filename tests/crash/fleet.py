"""Several processes that serve one shop on PostgreSQL, each a part of it; any of them is killed."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.crash.process import Served
from tests.crash.shop import ROOT, Shop
from tests.doubles.bot_api import BotApi

ALONE = ("all",)
PARTS = ("intake", "intake", "worker", "worker", "sender", "sender", "web")


@dataclass(slots=True)
class Fleet:
    """All of them; one that does everything is a fleet, too."""

    members: Sequence[Served]
    random: random.Random
    ended: list[int] = field(default_factory=list)
    """How those ended that were asked to."""

    @classmethod
    def of(
        cls,
        shop: Shop,
        api: BotApi,
        folder: Path,
        roles: Sequence[str],
        *,
        webhook: bool,
        seed: int,
        environment: Mapping[str, str],
    ) -> Fleet:
        """In webhook mode updates are brought to those that take in, in turn, as a proxy would."""
        members = [
            Served(
                shop,
                api,
                folder / f"shop-{number}-{role}.log",
                role,
                webhook,
                free_port(),
                environment=environment,
                version=shop.since,
            )
            for number, role in enumerate(roles)
        ]
        fleet = cls(members, random.Random(seed))
        if webhook:
            doors = cycle([f"{door}/telegram" for door in fleet.doors])
            api.world.webhook.reached_at = lambda _: next(doors)
        return fleet

    @property
    def doors(self) -> list[str]:
        """The addresses of those that take in."""
        return [f"http://127.0.0.1:{one.port}" for one in self.members if one.role in ("intake", "all")]

    @property
    def page(self) -> str:
        """The address of one that serves the web chat and the desk; empty where none does."""
        serving = (one for one in self.members if one.role in ("web", "all"))
        return next((f"http://127.0.0.1:{one.port}" for one in serving), "")

    @property
    def starts(self) -> int:
        """Of all."""
        return sum(one.starts for one in self.members)

    @property
    def fell(self) -> list[int]:
        """How those ended that nobody ended."""
        return [code for one in self.members for code in one.fell]

    @property
    def logs(self) -> list[Path]:
        """What they said."""
        return [one.log for one in self.members]

    async def start(self) -> None:
        """All at once, so that they have to agree who makes the tables and who leads."""
        await asyncio.gather(*(one.start() for one in self.members))

    async def kill_one(self) -> Served:
        """SIGKILL, whichever it is."""
        victim = self.random.choice(self.members)
        await victim.kill()
        return victim

    async def end(self) -> None:
        """SIGKILL to those that still run, however the trial went."""
        for one in self.members:
            if one.running:
                await one.kill()

    async def stop(self) -> None:
        """SIGTERM to each."""
        self.ended += await asyncio.gather(*(one.stop() for one in self.members))

    async def restart(self) -> None:
        """SIGTERM to one after the other, those with pages first; each is back, in this version, before the next one goes."""
        for one in sorted(self.members, key=lambda one: one.role != "web"):
            self.ended.append(await one.stop())
            one.version = ROOT
            await one.start()
            await one.risen()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
