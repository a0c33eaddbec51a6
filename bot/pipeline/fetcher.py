"""The fetcher: brings home the files that channels only refer to, so that desk and dossier have them.

A file is a row from the moment its message is handled. It is kept before its row says so: a process killed in between
fetches it once more and finds it kept already, since files are kept by their content.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog

from bot.domain.file_types import UNKNOWN, type_of
from bot.domain.files import FileState, origin_of
from bot.domain.pictures import too_many_pixels
from bot.errors import FileGone, FileTooBig, Refused, StoreAway, TryLater, Uncertain
from bot.pipeline import metrics
from bot.pipeline.fetching import Fetched, Keep, Origin, ToFetch
from bot.pipeline.holding import Gone
from bot.pipeline.ports import Database, Unit
from bot.pipeline.wake import Wake

IN_FLIGHT = 4
"""Files under way at once; each is held in memory until it is kept."""
LOOKS = 5
"""Looks for a file of which the channel says that it does not have it: that may be so for the moment only."""
_IDLE = 2.0
_PAUSES = (3, 10, 60, 300, 600)
"""Seconds between tries where the channel does not say."""

log = structlog.get_logger(__name__)


class Fetcher:
    """Empties the list of files to be fetched."""

    def __init__(
        self,
        database: Database,
        origins: Iterable[Origin],
        keep: Keep,
        clock: Callable[[], datetime],
        wake: Wake,
        *,
        holder: Callable[[], int | None] | None,
        largest: int,
        arrived: Callable[[set[int]], None],
    ) -> None:
        self._database = database
        self._origins = {origin.name: origin for origin in origins}
        self._keep = keep
        self._clock = clock
        self._wake = wake
        self._holder = holder
        """The number under which this process holds what it fetches, None while it must not begin anything; no number at all
        where no other process can be fetching."""
        self._largest = largest
        """Bytes of the largest file that is kept."""
        self._arrived = arrived
        """Hears which conversations have news of a file."""
        self._gone = Gone(database)
        self._looked = monotonic()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled; at once over when no channel has files to be fetched."""
        if self._holder is None:
            now = self._clock()
            await self._database.write(lambda unit: unit.release_files(now))
        while self._origins:
            try:
                busy = await self.step()
                await self._release_lost()
            except Exception as error:
                if not isinstance(error, StoreAway):  # which the database tells itself
                    log.exception("the fetcher's step failed; it is tried again")
                busy = False
            if not busy:
                await self._wake.sleep(_IDLE, dozes=True)

    async def step(self) -> bool:
        """Start fetching what is due; False when there was nothing or no room."""
        room = IN_FLIGHT - len(self._under_way)
        holder = self._holder() if self._holder else 0
        if room <= 0 or holder is None:
            return False
        now = self._clock()
        due = await self._database.write_alone(
            lambda unit: unit.lease_files(now, self._origins, room, holder)
        )
        for file in due:
            task = asyncio.create_task(self._bring(file), name="fetch a file")
            self._under_way.add(task)
            task.add_done_callback(self._over)
        return bool(due)

    def _over(self, task: asyncio.Task[None]) -> None:
        """There is room again, and only now."""
        self._under_way.discard(task)
        self._wake.up()

    async def close(self) -> None:
        """Give up what is under way: it is fetched again when its lease is over."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _release_lost(self) -> None:
        """What a process was fetching that is gone is due again."""
        if self._holder is None or monotonic() - self._looked < _IDLE:
            return
        self._looked = monotonic()
        if gone := await self._gone.numbers():
            now = self._clock()
            if await self._database.write(lambda unit: unit.release_files(now, gone)):
                self._wake.up()

    async def _bring(self, file: ToFetch) -> None:
        """One file; when even its outcome can't be written down, its lease runs out and it is fetched again."""
        fetched = await self._outcome(file)
        metrics.FILES.labels(origin_of(file.ref), fetched.state.value).inc()
        try:
            await self._database.write(partial(_settle, fetched))
        except StoreAway as error:
            log.warning("what became of a file is not written down", file=file.id, error=type(error).__name__)
        except Exception:
            log.exception(
                "what became of a file could not be written down; it is fetched again", file=file.id
            )
        else:
            self._arrived({file.conversation_id})

    async def _outcome(self, file: ToFetch) -> Fetched:
        try:
            return await self._fetch(file)
        except FileTooBig as error:
            return Fetched(file.id, FileState.TOO_BIG, error=str(error))
        except Refused as error:
            log.warning("the channel refuses a file", file=file.id, error=str(error))
            return Fetched(file.id, FileState.REFUSED, error=str(error))
        except FileGone as error:
            if file.missed + 1 >= LOOKS:
                return Fetched(file.id, FileState.GONE, error=str(error), missed=True)
            return replace(self._later(file, str(error)), missed=True)
        except Uncertain as error:
            return self._later(file, str(error))
        except TryLater as error:
            return self._later(file, str(error), error.after)
        except Exception as error:
            log.exception("fetching a file failed unforeseen; it is tried again", file=file.id)
            return self._later(file, type(error).__name__)

    async def _fetch(self, file: ToFetch) -> Fetched:
        if file.size > self._largest:
            raise FileTooBig(f"it has {file.size} bytes, {self._largest} are kept")
        content = await self._origins[origin_of(file.ref)].fetch(file.ref, self._largest)
        kind = type_of(content)
        mime = UNKNOWN.mime if kind is None or too_many_pixels(content, kind) else kind.mime
        kept = await self._keep.save(content, "", mime)
        sha256 = kept.ref.partition(":")[2]
        return Fetched(file.id, FileState.KEPT, sha256=sha256, mime=mime, size=len(content))

    def _later(self, file: ToFetch, words: str, after: timedelta | None = None) -> Fetched:
        pause = after or timedelta(seconds=_PAUSES[min(file.attempts, len(_PAUSES)) - 1])
        return Fetched(file.id, FileState.WAITING, error=words, retry_at=self._clock() + pause)


def _settle(fetched: Fetched, unit: Unit) -> None:
    unit.settle_file(fetched)
