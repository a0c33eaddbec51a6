"""Retention: what is older than the shop wishes to keep goes, a little at a time, so that nobody who writes waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.errors import StoreAway
from bot.pipeline.keeping import Over, Page, Rule
from bot.pipeline.ports import Database, Unit
from bot.pipeline.wake import Wake

GRACE = timedelta(days=7)
"""How long a file stays that nothing refers to: what refers to it may be on its way."""
STRETCH = 2_000
"""Rows that are looked through at once, whether they go or not: some milliseconds."""
BATCH = 200
"""Rows that go in one transaction: some milliseconds."""
_PAUSE = 0.05
"""Seconds between transactions, for those who wait to write."""
_AFTER_START = 60.0
_EVERY = 6 * 3600.0
"""Seconds between sweeps."""

log = structlog.get_logger(__name__)


class Files(Protocol):
    """The files on the disk."""

    async def older(self, before: datetime) -> list[str]:
        """The SHA-256 of those nobody has sent since."""
        ...

    async def remove(self, sha256: str, since: datetime) -> bool:
        """Off the disk, unless somebody has sent it since; False when it stays, or is not there."""
        ...


class Retention:
    """Removes what is over its time, and finishes what erasing a buyer left to be done."""

    def __init__(
        self,
        database: Database,
        files: Files,
        clock: Callable[[], datetime],
        days: Mapping[Rule, int],
        pictures: Callable[[], Collection[str]],
        doubtful: Callable[[], bool] = lambda: False,
    ) -> None:
        """`days`: how long each is kept, 0 for ever. `pictures`: files of the shop's own, which are to stay. While the clock is
        `doubtful` nothing is over its time."""
        self._database = database
        self._files = files
        self._clock = clock
        self._days = days
        self._pictures = pictures
        self._doubtful = doubtful
        self._wake = Wake()

    async def run(self) -> None:
        """Until cancelled."""
        await self._try(self.finish_erasing)
        await self._wake.sleep(_AFTER_START)
        while True:
            await self._try(self.sweep)
            await self._wake.sleep(_EVERY)

    async def sweep(self) -> dict[Rule, int]:
        """Remove all that is over its time; returns how many rows of each."""
        await self.finish_erasing()
        gone = {rule: await self._let_go(rule) for rule in Rule}
        files = await self.clear_files()
        if any(gone.values()) or files:
            log.info(
                "retention.swept", files=files, **{rule.value: count for rule, count in gone.items() if count}
            )
        return gone

    def before(self, rule: Rule) -> datetime | None:
        """What is older than this is over its time; None: nothing is."""
        now, days = self._clock(), self._days[rule]
        return now - timedelta(days=days) if days and not self._doubtful() else None

    async def over(self) -> dict[Rule, Over]:
        """What a sweep would remove now."""
        found = {}
        for rule in Rule:
            if before := self.before(rule):
                found[rule] = await self._database.read(partial(_over, rule, before))
        return found

    async def loose_files(self) -> list[str]:
        """Files that nothing has referred to for longer than the grace, by their SHA-256."""
        now = self._clock()
        old = [] if self._doubtful() else await self._files.older(now - GRACE)
        if not old:
            return []
        kept = await self._database.read(lambda unit: unit.kept_files())
        return sorted(set(old) - kept - set(self._pictures()))

    async def clear_files(self) -> int:
        """Remove these; returns how many."""
        since = self._clock() - GRACE
        return sum([await self._files.remove(sha256, since) for sha256 in await self.loose_files()])

    async def finish_erasing(self) -> int:
        """Remove the files of buyers who were erased that nobody else has sent; returns how many that were."""
        listed = await self._database.read(lambda unit: unit.discarded())
        if not listed:
            return 0
        kept = await self._database.read(lambda unit: unit.kept_files()) | set(self._pictures())
        gone = [await self._files.remove(one, at) for one, at in listed.items() if one not in kept]
        await self._database.write(lambda unit: unit.settle_discarded(listed))
        return sum(gone)

    async def _let_go(self, rule: Rule) -> int:
        before = self.before(rule)
        count, after = 0, None
        while before is not None:
            page = await self._database.read(partial(_page, rule, before, after))
            for start in range(0, len(page.keys), BATCH):
                keys = page.keys[start : start + BATCH]
                count += await self._database.write_alone(partial(_go, rule, keys))
                await asyncio.sleep(_PAUSE)
            if page.after is None:
                break
            after = page.after
            await asyncio.sleep(_PAUSE)
        return count

    async def _try(self, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
        except StoreAway:
            pass  # the database tells it itself
        except Exception:
            log.exception("removing what is over its time failed; it is tried again")


def _over(rule: Rule, before: datetime, unit: Unit) -> Over:
    return unit.over(rule, before)


def _page(rule: Rule, before: datetime, after: int | str | None, unit: Unit) -> Page:
    return unit.over_page(rule, before, after, STRETCH)


def _go(rule: Rule, keys: Sequence[int | str], unit: Unit) -> int:
    return unit.let_go(rule, keys)
