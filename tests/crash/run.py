"""One trial: the shop served, a crowd writing, misfortunes one after the other, and the proof."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path

from bot.domain.refunds import RefundState
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.crash.cashier import Cashier
from tests.crash.crowd import Crowd
from tests.crash.disk import Disk
from tests.crash.fleet import ALONE, Fleet
from tests.crash.line import Line
from tests.crash.misfortunes import AHEAD, NEEDS_DISK, Stage
from tests.crash.pages import Pages
from tests.crash.place import Place
from tests.crash.process import STAFF
from tests.crash.proof import Proof
from tests.crash.record import Record, is_card
from tests.crash.shop import ROOT, Shop
from tests.crash.tally import Tally, tallies
from tests.crash.world import FORGETS, Strike, World
from tests.doubles.bot_api import BotApi, Fault, Limits

PATIENCE = 120.0
"""Seconds the last process gets to answer what is left."""
AT_LIMITS = 480.0
"""The same, where the staff group takes twenty posts a minute."""
TOLERANCE = AHEAD + 300.0
"""Seconds that the payment service lets a clock be wrong: the shop's jumps an hour at times."""
METHODS = ("send*", "edit*", "pin*", "createForumTopic", "setMessageReaction")
"""Those that meet misfortunes every day."""
FAULTS = ((Fault.too_many(1), 0.01), (Fault.server_error(), 0.01), (Fault.accepted_then_dropped(), 0.005))


@dataclass(frozen=True, slots=True)
class Trial:
    """How hard."""

    strikes: int = 20
    """How often something happens."""
    kinds: Sequence[str] = ("kill",)
    """What, drawn by chance."""
    lasts: float = 3
    """Seconds of what does not happen in a moment."""
    rate: float = 50
    """Messages a second."""
    seconds: float = 120
    buyers: int = 40
    seed: int = 1
    faults: bool = True
    """Telegram has its everyday misfortunes besides."""
    roles: Sequence[str] = ALONE
    webhook: bool = False
    visitors: int = 4
    """At the shop's page, where a process serves it; and an agent at the desk."""
    since: Path = ROOT
    """The checkout of the version it begins with; each restart goes on with this one."""
    limits: bool = False
    """Telegram takes no more than it really does: 30 messages a second, one a second in a chat, 20 a minute in the group."""


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    violations: list[str] = field(default_factory=list)
    tally: dict[str, Tally] = field(default_factory=dict)
    """By what happened."""
    numbers: dict[str, object] = field(default_factory=dict)


async def run(trial: Trial, folder: Path, place: Place) -> Outcome:
    """Play it."""
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(Line.to(place.socket)) if place.socket else None
        shop = Shop.lay_out(folder, place.through(line.port if line else 0), trial.buyers, trial.since)
        await shop.open()
        disk = Disk.make(folder, trial.seed) if NEEDS_DISK & {*trial.kinds} else None
        limits = Limits() if trial.limits else Limits.off()
        api = await stack.enter_async_context(BotApi(limits=limits, seed=trial.seed))
        cashier = await stack.enter_async_context(Cashier.open(trial.seed, TOLERANCE))
        environment = {**cashier.environment, **(disk.environment if disk else {})}
        served = Fleet.of(
            shop, api, folder, trial.roles, webhook=trial.webhook, seed=trial.seed, environment=environment
        )
        stack.push_async_callback(served.end)
        cashier.calls_at(served.doors)
        pages = None
        if served.page and trial.visitors:
            pages = await stack.enter_async_context(
                Pages.at(served.page, place.url, trial.visitors, trial.seed)
            )
        return await _play(trial, place, shop, served, Around(api, cashier, disk, line, pages))


@dataclass(frozen=True, slots=True)
class Around:
    """What is around the shop."""

    api: BotApi
    cashier: Cashier
    disk: Disk | None
    line: Line | None
    pages: Pages | None


async def _play(trial: Trial, place: Place, shop: Shop, served: Fleet, around: Around) -> Outcome:
    api = around.api
    seen: set[int] = set()
    api.world.updates.on_add.append(lambda update: seen.add(update.id))
    crowd = Crowd(api, shop, random.Random(trial.seed))
    await served.start()
    await api.wait_for(lambda: api.polled or api.world.webhook.setting, PATIENCE, "the shop is up")

    def weather() -> None:
        for (fault, share), methods in product(FAULTS, METHODS) if trial.faults else ():
            api.faults.rate(fault, share, methods)

    if around.pages:
        await around.pages.begin()
        crowd.elsewhere = frozenset(around.pages.numbers.values())
    weather()
    stage = Stage(
        shop, served, api, crowd.random, trial.lasts, around.disk, around.line, place.server, weather
    )
    strikes = await _storm(trial, crowd, stage)
    quiet_after = await _settle(around, crowd, place.url, AT_LIMITS if trial.limits else PATIENCE)
    await served.stop()
    group = api.forum_group(STAFF)
    expired = frozenset(api.world.updates.expired)
    world = World(
        frozenset(seen) - expired,
        expired,
        crowd.said,
        crowd.answered,
        crowd.heard,
        strikes,
        [*api.log],
        group,
        around.cashier.service.payments,
        around.pages,
    )
    proof = Proof(await Record.read(place.url), world)
    outcome = Outcome(proof.violations(), tallies(world, proof.arrivals.repeats))
    outcome.violations += [f"Telegram refused {call}" for call in api.violations]
    outcome.violations += [f"the payment service: {one}" for one in around.cashier.service.violations]
    outcome.violations += [*crowd.troubles, *around.cashier.troubles]
    outcome.violations += [f"a process ended with {code}" for code in served.ended if code != 0]
    outcome.violations += [f"a process ended by itself, with {code}" for code in served.fell]
    if {*trial.kinds} <= FORGETS | {"restart"}:
        outcome.violations += [line for log in served.logs for line in _tracebacks(log)]
    outcome.numbers = _numbers(proof, served, around.cashier, quiet_after)
    if around.disk:
        outcome.numbers["sectors lost with the power"] = around.disk.lost
    return outcome


async def _storm(trial: Trial, crowd: Crowd, stage: Stage) -> list[Strike]:
    """Messages at their rate; something happens at random moments, one after the other."""
    loop, strikes = asyncio.get_running_loop(), list[Strike]()
    begun = loop.time()
    dates = sorted(crowd.random.uniform(0.3, trial.seconds) for _ in range(trial.strikes))
    writing = asyncio.create_task(crowd.write(trial.seconds, trial.rate))
    for date, name in zip(dates, _drawn(trial), strict=True):
        await asyncio.sleep(max(begun + date - loop.time(), 0))
        strikes.append(await stage.strike(name))
    await writing
    return strikes


def _drawn(trial: Trial) -> list[str]:
    """Each kind about as often."""
    names = [name for name, _ in zip(cycle(trial.kinds), range(trial.strikes), strict=False)]
    random.Random(trial.seed).shuffle(names)
    return names


async def _settle(around: Around, crowd: Crowd, url: str, patience: float) -> float:
    """Until everything is answered and paid, or patience is at an end; how long that took."""
    api, cashier = around.api, around.cashier
    api.faults.clear()
    cashier.calm()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with SqlDatabase(url, exclusive=False) as database:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                if around.pages:
                    await around.pages.fall_silent()
                while True:
                    await api.drained(patience)
                    under_way = await database.read(_under_way)
                    busy = under_way or crowd.agent_busy or cashier.calling or api.pending
                    if not busy and (around.pages is None or await around.pages.all_read(database)):
                        break
                    await asyncio.sleep(0.1)
    return loop.time() - begun


def _under_way(unit: SqlUnit) -> bool:
    status = unit.status()
    unpaid = any(refund.state is not RefundState.DONE for refund in unit.refunds())
    return unpaid or status.inbox_due > 0 or status.outbox_due > 0


def _tracebacks(log: Path) -> list[str]:
    """Each with the line before it, and the one that says what it was."""
    lines = log.read_text("utf-8", "replace").splitlines()
    found = []
    for at, line in enumerate(lines):
        if "Traceback" in line:
            words = next((one for one in lines[at + 1 :] if not one.startswith(" ")), "")
            found.append(f"the shop's log: {lines[at - 1] if at else ''} … {words}")
    return found


def _at_pages(pages: Pages | None) -> dict[str, object]:
    if pages is None:
        return {}
    said, seen = (
        sum(map(len, found)) for found in zip(*((one.said, one.seen) for one in pages.visitors), strict=True)
    )
    return {
        "web chat: messages, lines shown": f"{said}, {seen}",
        "answers from the desk": len(pages.answered),
    }


def _numbers(proof: Proof, served: Fleet, cashier: Cashier, quiet_after: float) -> dict[str, object]:
    record, repeats = proof.record, proof.arrivals.repeats
    return {
        "messages and taps": len(proof.world.updates),
        "taps that expired meanwhile": len(proof.world.expired),
        "stored once and done": sum(row["state"] == "done" for row in record.inbox),
        "replies": len(record.outbox),
        "messages of the bot": len(proof.world.heard),
        "cases opened": len(record.cases),
        "moves of cases": len(record.case_history),
        "refunds paid": len(proof.world.paid),
        "orders to pay posted, calls back": f"{cashier.service.requests}, {cashier.calls}",
        "sent again: killed between send and mark": len(repeats.killed),
        "sent again: no answer came": len(repeats.unanswered),
        "sends counted as uncertain": sum(row["uncertain"] for row in record.outbox),
        "cards withdrawn": sum(is_card(row) and row["state"] == "withdrawn" for row in record.outbox),
        "joined lines": proof.arrivals.joined,
        **_at_pages(proof.world.pages),
        "topics": f"{len(proof.world.group.topics)} ({proof.topics.empty} empty)",
        "starts": served.starts,
        "seconds until the last reply": round(quiet_after, 1),
    }
