"""The worker: claims what is due, walks it, commits. Many conversations in one transaction, each in its own order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter, time_ns

import structlog

from bot.domain.conversation import Holder
from bot.domain.orders import Parcel
from bot.errors import StoreAway, UnreadableUpdate
from bot.pipeline import metrics
from bot.pipeline.arrivals import Claimed, InboxRow
from bot.pipeline.burst import alone, first_message
from bot.pipeline.counting import count
from bot.pipeline.gather import Gatherer, Verify
from bot.pipeline.guesses import Guesses
from bot.pipeline.ports import Database, Unit
from bot.pipeline.shop import Shop
from bot.pipeline.tracing import UNTRACED, Stopwatch, Took, Tracer
from bot.pipeline.turns import Known, Outturn, Track
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

    took: list[Took] = field(default_factory=list)
    """The turns that were taken."""
    walked: int = 0
    """When the last turn was taken, and what they came to was still to be written; in nanoseconds since 1970."""
    strays: int = 0
    wanted: dict[int, tuple[int, tuple[Parcel, ...]]] = field(default_factory=dict)
    """Conversation to the row whose turn waits, and the parcels to ask about."""
    failed: list[tuple[Claimed, Exception]] = field(default_factory=list)
    spoke: set[int] = field(default_factory=set)
    """Conversations whose transcript grew."""
    more: bool = False
    """There may be more to take at once, for which no bell will ring: behind what was taken, or behind what failed."""
    people: bool = False
    """Something happened to what people look after, or wait for people with, or one of them did something."""
    files: bool = False
    """There may be files to be fetched."""

    def add(self, other: Step) -> None:
        """Count another transaction in."""
        self.took += other.took
        self.strays += other.strays
        self.wanted |= other.wanted
        self.failed += other.failed
        self.spoke |= other.spoke
        self.more |= other.more
        self.people |= other.people
        self.files |= other.files


@dataclass(frozen=True, slots=True)
class News:
    """What carriers answered for one row's turn; of no use to any other turn, for by then it is old."""

    row: int
    parcels: dict[str, Parcel]


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
        stepped: Callable[[Step], None],
    ) -> None:
        self._database = database
        self._shop = shop
        self._track = track
        self._verify = verify
        self._clock = clock
        self._wake = wake
        self._stepped = stepped
        self.tracer: Tracer = UNTRACED
        """Who draws what becomes of each message."""
        self._news: dict[int, News] = {}
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._guesses = Guesses()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                busy = (await self.step()).more
            except Exception as error:
                if not isinstance(error, StoreAway):  # which the database tells itself
                    log.exception("the worker's step failed; it is tried again")
                busy = False
            if not busy:
                await self._wake.sleep(_IDLE, dozes=True)

    async def step(self) -> Step:
        """Take what is due now."""
        try:
            step = await self._database.write_alone(self._take_all)
        except Exception as error:  # noqa: BLE001 -- whatever broke the batch, each conversation gets its own try
            if not isinstance(error, StoreAway):
                log.warning(
                    "a shared transaction failed; its conversations are taken one by one",
                    error=type(error).__name__,
                )
            step = await self._one_by_one()
        else:
            self._tell(step)
        for number in step.spoke:
            self._news.pop(number, None)
        for number, (row, parcels) in step.wanted.items():
            self._asking[number] = asyncio.create_task(self._ask(number, row, parcels), name="ask carriers")
        self._stepped(step)
        return step

    def _tell(self, step: Step) -> None:
        """Count and trace what is committed; before that it may still be taken back."""
        now = self._clock()
        for took in step.took:
            turn = took.turn
            count(turn, took.seconds, now)
            log.debug("committed", row=turn.rows[0].id, conversation=turn.conversation.id)
            if took.watch:
                self.tracer.committed(took, step.walked)

    async def drain(self) -> None:
        """Wait for the carriers that are being asked; the turns that wait for them are due again then."""
        while self._asking:
            await asyncio.gather(*self._asking.values())

    def _take_all(self, unit: Unit) -> Step:
        """One transaction: claim, walk, commit. A turn that fails leaves the others alone."""
        now, shop, step = self._clock(), self._shop().for_one_transaction(), Step()
        step.strays = self._strays(unit, shop, now)
        claimed = unit.claim(now, BATCH, frozenset(self._asking))
        known = unit.known(item.conversation.id for item in claimed) if claimed else {}
        gatherer = self._gatherer(unit, now, unit.queue_length() if claimed else 0, shop)
        done: list[Outturn] = []
        for item in claimed:
            try:
                came_of_it = self._turn(item, known[item.conversation.id], gatherer, shop, step)
            except Exception as error:  # noqa: BLE001 -- one broken turn must not harm its neighbours
                step.failed.append((item, error))
                continue
            done += came_of_it
            gatherer = gatherer.after(came_of_it)
        step.walked = time_ns()
        unit.commit(done, now)
        for item, failure in step.failed:
            self._fail(unit, item, failure, gatherer, shop, step)
        many = BATCH in (step.strays, len(claimed))
        step.more = many or bool(step.failed) or any(len(item.rows) > 1 or item.yields for item in claimed)
        return step

    def _gatherer(self, unit: Unit, now: datetime, waiting: int, shop: Shop) -> Gatherer:
        return Gatherer(unit, self._verify, now, waiting, shop.guides, self._guesses)

    def _turn(
        self, item: Claimed, known: Known, gatherer: Gatherer, shop: Shop, step: Step
    ) -> tuple[Outturn, ...]:
        """What the conversation's next message came to; nothing yet when carriers must be asked first."""
        number = item.conversation.id
        rows = first_message(item.rows, item.conversation, known, shop, gatherer.now)
        news = self._news.get(number)
        tracked = news.parcels if news and news.row == rows[0].id else {}
        began, watch = perf_counter(), Stopwatch() if self.tracer.on else None
        passed = {"passed": watch.lap} if watch else {}
        result = take_turn(rows, item.conversation, known, gatherer, shop, tracked, **passed)
        if isinstance(result, Wanted):
            step.wanted[number] = (rows[0].id, result.parcels)
            return ()
        if result.guessed:
            self._guesses.note(result.guessed, gatherer.now)
        step.took.append(Took(result, perf_counter() - began, watch))
        log.debug("turn taken", row=rows[0].id, joined=[row.id for row in rows[1:]], about=result.about)
        step.spoke.add(number)
        held = {result.before.holder, result.conversation.holder} != {Holder.BOT}
        step.people |= held or result.actor is not None
        step.files |= bool(result.effects) or any(line.attachments for line in result.lines)
        return (replace(result, yields=True) if item.yields else result,)

    def _fail(
        self, unit: Unit, item: Claimed, error: Exception, gatherer: Gatherer, shop: Shop, step: Step
    ) -> None:
        """Try again a little later; after the last try the row goes on the shelf and a person is called."""
        known, now = unit.known((item.conversation.id,))[item.conversation.id], gatherer.now
        rows = first_message(item.rows, item.conversation, known, shop, now)
        log.warning("a turn failed", row=rows[0].id, attempt=rows[0].attempts + 1, error=type(error).__name__)
        metrics.FAILED_TURNS.inc()
        if not last_try(rows, error):
            unit.postpone(rows, now + timedelta(seconds=0.2 * 5 ** rows[0].attempts), words_of(error))
            return
        apology = broken_turn(rows, item.conversation, known, gatherer, shop)
        unit.commit([replace(apology, yields=item.yields)], now)
        unit.shunt(rows, words_of(error))
        metrics.SHUNTED.inc()
        step.spoke.add(item.conversation.id)
        step.people = True  # a person is called

    def _strays(self, unit: Unit, shop: Shop, now: datetime) -> int:
        """Rows that belong to no conversation: what can be read is done with, the rest goes on the shelf."""
        rows = unit.strays(BATCH)
        for row in rows:
            try:
                shop.readers[row.channel](row.payload)
                unit.finish([row], now)
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is not lost: the shelf keeps it
                unit.shunt([row], words_of(error))
                metrics.SHUNTED.inc()
        return len(rows)

    async def _one_by_one(self) -> Step:
        """Find the turn that breaks a shared transaction by giving each conversation its own."""
        whole, tried = Step(), set(self._asking)
        for _ in range(BATCH):
            claimed: list[Claimed] = []
            try:
                step = await self._database.write_alone(partial(self._take_one, frozenset(tried), claimed))
            except Exception as error:
                if not claimed:
                    raise
                step = await self._give_up(claimed[0], error)
            else:
                self._tell(step)
            if not claimed:
                break
            tried.add(claimed[0].conversation.id)
            whole.add(step)
            whole.more = True
        return whole

    def _take_one(self, skip: frozenset[int], claimed: list[Claimed], unit: Unit) -> Step:
        """The next conversation's turn in a transaction of its own; `claimed` tells whose it was when that fails."""
        now, shop, step = self._clock(), self._shop().for_one_transaction(), Step()
        claimed += unit.claim(now, 1, skip)
        for item in claimed:
            number = item.conversation.id
            gatherer = self._gatherer(unit, now, unit.queue_length(), shop)
            done = self._turn(item, unit.known((number,))[number], gatherer, shop, step)
            step.walked = time_ns()
            unit.commit(done, now)
        return step

    async def _give_up(self, item: Claimed, error: Exception) -> Step:
        """Count the failure in a new transaction.

        A row that can't even be apologised for goes on the shelf as it is, so that nothing behind it waits for ever.
        """
        try:
            return await self._database.write_alone(partial(self._failed, item, error))
        except Exception:
            rows, now = alone(item.rows), self._clock()
            if not last_try(rows, error):
                raise
            log.exception("a failed turn can't be apologised for; nobody was told", row=rows[0].id)
        await self._database.write_alone(lambda unit: _shelve(unit, rows, words_of(error), now))
        metrics.SHUNTED.inc()
        return Step(failed=[(item, error)])

    def _failed(self, item: Claimed, error: Exception, unit: Unit) -> Step:
        now, shop, step = self._clock(), self._shop().for_one_transaction(), Step(failed=[(item, error)])
        gatherer = self._gatherer(unit, now, unit.queue_length(), shop)
        self._fail(unit, item, error, gatherer, shop, step)
        return step

    async def _ask(self, number: int, row: int, parcels: tuple[Parcel, ...]) -> None:
        """Ask the carriers outside of any transaction; the turn is then taken again with their answers."""
        try:
            answers = await asyncio.gather(*(self._answer(parcel) for parcel in parcels))
            known = self._news.get(number)
            before = known.parcels if known and known.row == row else {}
            asked = (parcel.number for parcel in parcels)
            self._news[number] = News(row, before | dict(zip(asked, answers, strict=True)))
        finally:
            del self._asking[number]
            self._wake.up()

    async def _answer(self, parcel: Parcel) -> Parcel:
        """The carrier's news; a tracker that breaks its promise never to raise must not make a turn wait for ever."""
        try:
            return await self._track(parcel)
        except Exception:
            log.exception("asking a carrier failed unforeseen", carrier=parcel.carrier)
            return replace(parcel, unavailable=True)


def last_try(rows: tuple[InboxRow, ...], error: Exception) -> bool:
    """Whether a row that just failed goes to the shelf; one that can't be read won't be readable later either."""
    return isinstance(error, UnreadableUpdate) or rows[0].attempts + 1 >= ATTEMPTS


def words_of(error: Exception) -> str:
    """What went wrong, for the person who looks at the shelf."""
    return f"{type(error).__name__}: {error}"


def _shelve(unit: Unit, rows: tuple[InboxRow, ...], words: str, now: datetime) -> None:
    unit.finish(rows, now)
    unit.shunt(rows, words)
