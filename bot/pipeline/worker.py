"""The worker: claims what is due, walks it, commits. Many conversations in one transaction, each in its own order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.orders import Parcel
from bot.errors import UnreadableUpdate
from bot.pipeline import metrics
from bot.pipeline.gather import Gatherer, Verify
from bot.pipeline.ports import Claimed, Database, InboxRow, Known, Outturn, Track, Unit
from bot.pipeline.shop import Shop
from bot.pipeline.wake import Wake
from bot.pipeline.walk import Wanted, broken_turn, take_turn

ATTEMPTS = 3
"""Tries before a row goes to the shunt shelf."""
BATCH = 64
"""Conversations in one transaction."""
_IDLE = 1.0
"""Seconds between slow looks for what no bell announced (clocks, retries, other processes)."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Step:
    """What one transaction came to."""

    turns: int = 0
    wanted: dict[int, tuple[Parcel, ...]] = field(default_factory=dict)
    failed: list[tuple[Claimed, Exception]] = field(default_factory=list)
    spoke: set[int] = field(default_factory=set)
    """Conversations whose transcript grew."""


class Worker:
    """Walks the inbox."""

    def __init__(
        self,
        database: Database,
        shop: Callable[[], Shop],
        track: Track,
        verify: Verify,
        clock: Callable[[], datetime],
        wake: Wake,
        spoke: Callable[[set[int]], None],
    ) -> None:
        self._database = database
        self._shop = shop
        self._track = track
        self._verify = verify
        self._clock = clock
        self._wake = wake
        self._spoke = spoke
        self._tracked: dict[int, dict[str, Parcel]] = {}
        self._asking: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                busy = await self.step()
            except Exception:
                log.exception("the worker's step failed; it is tried again")
                busy = False
            if not busy:
                await self._wake.sleep(_IDLE)

    async def step(self) -> bool:
        """Take what is due now; False when there was nothing."""
        try:
            step = await self._database.write_alone(lambda unit: self._take(unit, BATCH))
        except Exception as error:  # noqa: BLE001 -- whatever broke the batch, each conversation gets its own try
            log.warning("a shared transaction failed; its conversations are taken one by one", error=repr(error))
            step = await self._one_by_one()
        for number, parcels in step.wanted.items():
            self._asking[number] = asyncio.create_task(self._ask(number, parcels), name="ask carriers")
        if step.spoke:
            self._spoke(step.spoke)
        return bool(step.turns or step.failed)

    def _take(self, unit: Unit, limit: int, only: Claimed | None = None) -> Step:
        """One transaction: claim, walk, commit. A turn that fails leaves the others alone."""
        now, shop, step = self._clock(), self._shop(), Step()
        step.turns += self._strays(unit, shop, now) if only is None else 0
        claimed = [only] if only else unit.claim(now, limit, frozenset(self._asking))
        known = unit.known(item.conversation.id for item in claimed) if claimed else {}
        gatherer = Gatherer(unit, self._verify, now, unit.queue_length() if claimed else 0)
        done: list[Outturn] = []
        for item in claimed:
            try:
                self._turn(item, known[item.conversation.id], gatherer, shop, step, done)
            except Exception as error:  # noqa: BLE001 -- one broken turn must not harm its neighbours
                step.failed.append((item, error))
        unit.commit(done, now)
        for item, failure in step.failed:
            self._fail(unit, item, failure, known[item.conversation.id], gatherer, shop, step)
        step.turns += len(done)
        return step

    def _turn(
        self, item: Claimed, known: Known, gatherer: Gatherer, shop: Shop, step: Step, done: list[Outturn]
    ) -> None:
        number = item.conversation.id
        tracked = self._tracked.get(number, {})
        result = take_turn(first_message(item.rows), item.conversation, known, gatherer, shop, tracked)
        if isinstance(result, Wanted):
            step.wanted[number] = result.parcels
            return
        self._tracked.pop(number, None)
        metrics.TURNS.inc()
        step.spoke.add(number)
        done.append(result)

    def _fail(
        self,
        unit: Unit,
        item: Claimed,
        error: Exception,
        known: Known,
        gatherer: Gatherer,
        shop: Shop,
        step: Step,
    ) -> None:
        """Try again a little later; after the last try the row goes on the shelf and a person is called."""
        rows, now = first_message(item.rows), gatherer.now
        hopeless = isinstance(error, UnreadableUpdate)
        words = f"{type(error).__name__}: {error}"
        log.warning("a turn failed", row=rows[0].id, attempt=rows[0].attempts + 1, error=type(error).__name__)
        metrics.FAILED_TURNS.inc()
        if not hopeless and rows[0].attempts + 1 < ATTEMPTS:
            unit.postpone(rows, now + timedelta(seconds=0.2 * 5 ** rows[0].attempts), words)
            return
        apology = broken_turn(rows, item.conversation, known, gatherer, shop)
        unit.commit([apology], now)
        unit.shunt(rows, words)
        metrics.SHUNTED.inc()
        step.spoke.add(item.conversation.id)

    def _strays(self, unit: Unit, shop: Shop, now: datetime) -> int:
        """Rows that belong to no conversation: what can be read is done with, the rest goes on the shelf."""
        rows = unit.strays(BATCH)
        for row in rows:
            try:
                shop.readers[row.channel](row.payload)
                unit.finish([row], now)
            except Exception as error:  # noqa: BLE001 -- what can't be read goes on the shelf
                unit.shunt([row], f"{type(error).__name__}: {error}")
                metrics.SHUNTED.inc()
        return len(rows)

    async def _one_by_one(self) -> Step:
        """Find the turn that breaks a shared transaction by giving each conversation its own."""
        now = self._clock()
        claimed = await self._database.write_alone(lambda unit: unit.claim(now, BATCH, frozenset(self._asking)))
        whole = Step()
        for item in claimed:
            step = await self._alone(item)
            whole.turns += step.turns
            whole.wanted |= step.wanted
            whole.failed += step.failed
            whole.spoke |= step.spoke
        return whole

    async def _alone(self, item: Claimed) -> Step:
        try:
            return await self._database.write_alone(lambda unit: self._take(unit, 1, item))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it counts as one failed try
            failure = error
        return await self._database.write_alone(lambda unit: self._give_up(unit, item, failure))

    def _give_up(self, unit: Unit, item: Claimed, error: Exception) -> Step:
        now, shop, step = self._clock(), self._shop(), Step(failed=[(item, error)])
        number = item.conversation.id
        gatherer = Gatherer(unit, self._verify, now, unit.queue_length())
        self._fail(unit, item, error, unit.known((number,))[number], gatherer, shop, step)
        return step

    async def _ask(self, number: int, parcels: tuple[Parcel, ...]) -> None:
        """Ask the carriers outside of any transaction; the turn is then taken again with their answers."""
        try:
            answers = await asyncio.gather(*(self._track(parcel) for parcel in parcels))
            self._tracked[number] = self._tracked.get(number, {}) | {parcel.number: parcel for parcel in answers}
        finally:
            del self._asking[number]
            self._wake.up()


def first_message(rows: tuple[InboxRow, ...]) -> tuple[InboxRow, ...]:
    """The oldest row, with the other parts of its album when it is one."""
    album = rows[0].album
    if not album:
        return rows[:1]
    return tuple(row for row in rows if row.album == album)
