"""One trial: the shop served, a crowd writing, the process killed again and again, and the proof."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from bot.store.database import SqlDatabase
from tests.crash.crowd import Crowd
from tests.crash.fleet import ALONE, Fleet
from tests.crash.process import STAFF
from tests.crash.proof import Proof
from tests.crash.record import Record, is_card
from tests.crash.shop import Shop
from tests.crash.world import World
from tests.doubles.bot_api import BotApi, Fault, Limits

PATIENCE = 120.0
"""Seconds the last process gets to answer what is left."""
METHODS = ("send*", "edit*", "pin*", "createForumTopic", "setMessageReaction")
"""Those that meet misfortunes."""
FAULTS = ((Fault.too_many(1), 0.01), (Fault.server_error(), 0.01), (Fault.accepted_then_dropped(), 0.005))


@dataclass(frozen=True, slots=True)
class Trial:
    """How hard."""

    kills: int = 20
    rate: float = 50
    """Messages a second."""
    seconds: float = 120
    buyers: int = 40
    seed: int = 1
    faults: bool = True
    roles: Sequence[str] = ALONE
    webhook: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    violations: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    """Seconds from a kill to the next message that reaches somebody."""
    returns: list[float] = field(default_factory=list)
    """Seconds from a kill to the next getUpdates."""
    numbers: dict[str, object] = field(default_factory=dict)


async def run(trial: Trial, folder: Path, url: str) -> Outcome:
    """Play it."""
    shop = Shop.lay_out(folder, url, trial.buyers)
    await shop.open()
    async with BotApi(limits=Limits.off(), seed=trial.seed) as api:
        seen: set[int] = set()
        api.world.updates.on_add.append(lambda update: seen.add(update.id))
        crowd = Crowd(api, shop, random.Random(trial.seed))
        served = Fleet.of(shop, api, folder, trial.roles, webhook=trial.webhook, seed=trial.seed)
        await served.start()
        await api.wait_for(lambda: api.polled or api.world.webhook.setting, PATIENCE, "the shop is up")
        for (fault, share), methods in product(FAULTS, METHODS) if trial.faults else ():
            api.faults.rate(fault, share, methods)
        kills = await _storm(trial, crowd, served)
        quiet_after = await _settle(api, crowd, shop)
        codes = await served.stop()
        group = api.forum_group(STAFF)
        world = World(frozenset(seen), crowd.said, crowd.answered, crowd.heard, kills, [*api.log], group)
        proof = Proof(await Record.read(url), world)
        replies = [arrival.at for arrival in crowd.heard]
        polls = [call.time for call in api.log.of("getUpdates")]
        outcome = Outcome(proof.violations(), _first_after(kills, replies), _first_after(kills, polls))
        outcome.violations += [f"Telegram refused {call}" for call in api.violations]
        outcome.violations += crowd.troubles
        outcome.violations += [f"a process ended with {code}" for code in codes if code != 0]
        outcome.violations += [line for log in served.logs for line in _tracebacks(log)]
        outcome.numbers = _numbers(proof, served, quiet_after)
        return outcome


async def _storm(trial: Trial, crowd: Crowd, served: Fleet) -> list[float]:
    """Messages at their rate, kills at random moments; a killed shop is started again at once."""
    loop, moments = asyncio.get_running_loop(), []
    begun = loop.time()
    dates = sorted(crowd.random.uniform(0.3, trial.seconds) for _ in range(trial.kills))
    writing = asyncio.create_task(crowd.write(trial.seconds, trial.rate))
    for date in dates:
        await asyncio.sleep(max(begun + date - loop.time(), 0))
        victim = await served.kill_one()
        moments.append(crowd.api.clock())
        await victim.start()
    await writing
    return moments


async def _settle(api: BotApi, crowd: Crowd, shop: Shop) -> float:
    """Until everything is answered; how long that took."""
    api.faults.clear()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with SqlDatabase(shop.url, exclusive=False) as database, asyncio.timeout(PATIENCE):
        while True:
            await api.drained(PATIENCE)
            status = await database.read(lambda unit: unit.status())
            if not (status.inbox_due or status.outbox_due or crowd.agent_busy or api.pending):
                return loop.time() - begun
            await asyncio.sleep(0.1)


def _first_after(kills: list[float], times: list[float]) -> list[float]:
    """Seconds from each kill; where the next kill came first, there is none."""
    found = []
    for kill, next_kill in zip(kills, [*kills[1:], float("inf")], strict=True):
        first = next((at for at in times if at > kill), None)
        if first is not None and first < next_kill:
            found.append(first - kill)
    return found


def _tracebacks(log: Path) -> list[str]:
    lines = log.read_text("utf-8", "replace").splitlines()
    return [f"the shop's log: {line}" for line in lines if "Traceback" in line]


def _numbers(proof: Proof, served: Fleet, quiet_after: float) -> dict[str, object]:
    record, repeats = proof.record, proof.arrivals.repeats
    return {
        "messages and taps": len(proof.world.updates),
        "stored once and done": sum(row["state"] == "done" for row in record.inbox),
        "replies": len(record.outbox),
        "messages of the bot": len(proof.world.heard),
        "cases opened": len(record.cases),
        "moves of cases": len(record.case_history),
        "refunds paid": len(record.refunds),
        "sent again: killed between send and mark": repeats.killed,
        "sent again: no answer came": repeats.unanswered,
        "sends counted as uncertain": sum(row["uncertain"] for row in record.outbox),
        "cards withdrawn": sum(is_card(row) and row["state"] == "withdrawn" for row in record.outbox),
        "joined lines": proof.arrivals.joined,
        "topics": f"{len(proof.world.group.topics)} ({proof.topics.empty} empty)",
        "starts": served.starts,
        "seconds until the last reply": round(quiet_after, 1),
    }


def spread(seconds: list[float]) -> str:
    """Smallest, median, largest."""
    if not seconds:
        return "none"
    return f"{min(seconds):.2f} / {statistics.median(seconds):.2f} / {max(seconds):.2f} s ({len(seconds)})"
