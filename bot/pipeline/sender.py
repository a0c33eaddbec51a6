"""The sender: brings outbox rows to their readers, in order per reader, until known sent.

When no answer came to a send nobody can know whether it arrived. Decision: it is sent again. A reply read twice is a
smaller harm than a buyer left without one; each repetition is counted (`uncertain`) and shown by `shouhou status`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from time import monotonic, time_ns

import structlog
from structlog.contextvars import bind_contextvars

from bot.domain.manner import Operation
from bot.errors import Blocked, Refused, StoreAway, TryLater, Uncertain
from bot.pipeline import metrics
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Channel, Copy, Delivery, Limit, Outcome, Settled
from bot.pipeline.holding import Gone
from bot.pipeline.ports import Database, Unit
from bot.pipeline.reports import report
from bot.pipeline.tracing import UNTRACED, Tracer
from bot.pipeline.wake import Wake

IN_FLIGHT = 64
"""Deliveries under way at once, each to another reader."""
_IDLE = 1.0
"""Seconds between slow looks for what no bell announced (retries, other processes)."""
_LOST = 10.0
"""Seconds between looks for rows that this process, being alone, is not sending any more: it can hardly have lost any."""
_GIVE_UP = 10
"""Tries of a delivery that fails in a way nobody foresaw."""
_SETTLE_PAUSES = (0.2, 1, 2, 5)
"""Seconds between tries to write an outcome down; the last one again and again."""
_PATIENT_TRIES = 14
"""Of that, where only the database is away: a minute, half of what a delivery is held."""
_LAST_TRIES = 3
"""Of that, once this process ends."""
_PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds between tries where the channel does not say."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a delivery, on its way into the database."""

    settled: Settled
    news: Arrival | None
    """What the shop is to hear of it."""
    written: asyncio.Future[bool]


class Sender:
    """Empties the outbox."""

    def __init__(
        self,
        database: Database,
        channels: Iterable[Channel],
        clock: Callable[[], datetime],
        wake: Wake,
        *,
        alone: bool,
        reported: Callable[[], None] = lambda: None,
        holder: Callable[[], int | None] = lambda: 0,
        tracer: Tracer = UNTRACED,
    ) -> None:
        """`alone`: no other process can be sending. `holder` is the number under which this one holds what it sends; None while
        it must not begin anything."""
        self._database = database
        self._channels = {channel.name: channel for channel in channels}
        self._clock = clock
        self._wake = wake
        self._alone = alone
        self._reported = reported
        self._holder = holder
        self._gone = Gone(database)
        self._tracer = tracer
        self._under_way: set[asyncio.Task[None]] = set()
        self._unwritten: list[_Outcome] = []
        self._writing: asyncio.Task[None] | None = None
        self._last_tries: int | None = None

    async def run(self) -> None:
        """Until cancelled. Rows that a killed process left half sent are taken up first."""
        if self._alone:
            await self._release(everyone=True)
        released = monotonic()
        while True:
            try:
                await self.step()
                if monotonic() - released >= (_LOST if self._alone else _IDLE):
                    await self._release_lost()
                    released = monotonic()
            except Exception as error:
                if not isinstance(error, StoreAway):  # which the database tells itself
                    log.exception("the sender's step failed; it is tried again")
            await self._wake.sleep(self._pause_till_room(), dozes=True)

    async def step(self) -> bool:
        """Start what can be sent now; False when there was nothing or no room. The next is due when one is over, which
        rings: there is room then, and that reader's next message is the oldest."""
        room, holder = IN_FLIGHT - len(self._under_way), self._holder()
        if room <= 0 or holder is None:
            return False
        if not (shares := self._shares(room)):
            return False
        leased = await self._database.write_alone(partial(_lease, shares, self._clock(), room, holder))
        for delivery in leased:
            task = asyncio.create_task(self._deliver(delivery), name="deliver")
            self._under_way.add(task)
            task.add_done_callback(self._over)
        return bool(leased)

    def _over(self, task: asyncio.Task[None]) -> None:
        """There is room again, and only now: whoever looked while its outcomes were written found none."""
        self._under_way.discard(task)
        self._wake.up()

    def _shares(self, room: int) -> list[tuple[list[str], int]]:
        """Which channels get how many: all together as many as there is room for, but first those of which fewer are taken now. What is
        not taken stays in the queue, so that who is next is chosen when there is room."""
        full: dict[Limit, list[str]] = {}
        for name, channel in self._channels.items():
            if channel.limit and channel.limit.free() < room:
                full.setdefault(channel.limit, []).append(name)
        held = {name for names in full.values() for name in names}
        others = [name for name in self._channels if name not in held]
        shares = [*((names, limit.free()) for limit, names in full.items()), (others, room)]
        return [(names, most) for names, most in shares if names and most > 0]

    def _pause_till_room(self) -> float:
        limits = {channel.limit for channel in self._channels.values() if channel.limit}
        return min([_IDLE, *(limit.pause() for limit in limits if not limit.free())])

    async def drain(self, *, patient: bool = False) -> None:
        """Wait for the deliveries under way. What can't be written down now will be sent again by the next process. `patient`: this
        process goes on, and the database may be back within a minute. Cancelled, it waits for none of them, but what did arrive and
        waits for its turn is written down all the same, unless the database is away just then."""
        self._last_tries = _PATIENT_TRIES if patient else _LAST_TRIES
        try:
            while self._under_way:
                await asyncio.gather(*self._under_way)
        finally:
            if self._writing is not None:
                await asyncio.shield(self._writing)

    async def _release_lost(self) -> None:
        """Rows nobody is sending any more: their outcome could not be written down, or their process was killed."""
        if not self._alone:
            await self._release(everyone=False, holders=await self._gone.numbers())
        elif not self._under_way:
            await self._release(everyone=True)

    async def _release(self, *, everyone: bool, holders: frozenset[int] = frozenset()) -> None:
        now = self._clock()
        count = await self._database.write(
            lambda unit: unit.release_leases(now, everyone=everyone, holders=holders)
        )
        if count:
            metrics.UNCERTAIN.inc(count)
            log.warning("replies left half sent by a stopped process are sent again", count=count)
            self._wake.up()

    async def _deliver(self, delivery: Delivery) -> None:
        bind_contextvars(row=delivery.row)  # a delivery is a task, so these are its own
        began = time_ns()
        outcome = await self._outcome(delivery)
        settled = replace(
            outcome,
            joined=delivery.joined,
            conversation_id=delivery.conversation_id,
            copies=_copies(delivery, outcome),
        )
        metrics.SENDS.labels(delivery.channel, settled.outcome.value).inc()
        if settled.uncertain:
            metrics.UNCERTAIN.inc()
        await self._settle(settled, delivery)
        log.debug("delivered", delivery=delivery.id, channel=delivery.channel, outcome=settled.outcome.value)
        if self._tracer.on:
            self._tracer.delivered(delivery, settled, began)

    async def _settle(self, settled: Settled, delivery: Delivery) -> None:
        """While some outcomes are written down, others gather, and go down together; where that fails, each by itself."""
        one = _Outcome(settled, report(delivery, settled), asyncio.get_running_loop().create_future())
        self._unwritten.append(one)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="write outcomes")
        if not await asyncio.shield(one.written):  # it is written down whether or not anybody waits for it
            await self._written_at_last(one)

    async def _write_all(self) -> None:
        """While some are written down others come, and are next; who came waits for their own alone."""
        while self._unwritten:
            found, self._unwritten = self._unwritten, []
            written = False
            try:
                written = await self._written(found)
            finally:
                for one in found:
                    one.written.set_result(written)

    async def _written_at_last(self, one: _Outcome) -> None:
        """Stubbornly, however long the database is away: a message whose sending is forgotten is sent twice."""
        for tries in count(1):
            await asyncio.sleep(_SETTLE_PAUSES[min(tries, len(_SETTLE_PAUSES)) - 1])
            if await self._written([one]):
                return
            if self._last_tries and tries >= self._last_tries:
                log.error("an outcome is not written down; that reply is sent again", delivery=one.settled.id)
                return

    async def _written(self, found: list[_Outcome]) -> bool:
        now, told = self._clock(), [one.news for one in found if one.news]

        def settle(unit: Unit) -> None:
            unit.settle([one.settled for one in found], now)
            unit.receive(told, now)

        try:
            await self._database.write(settle)
        except StoreAway:
            return False  # the database tells it itself
        except Exception as error:  # noqa: BLE001 -- the disk, the network, the database: all of it may pass
            numbers = [one.settled.id for one in found]
            log.warning(
                "outcomes could not be written down; it is tried again",
                deliveries=numbers,
                error=type(error).__name__,
            )
            return False
        if told:
            self._reported()
        return True

    async def _outcome(self, delivery: Delivery) -> Settled:
        try:
            ref = await self._channels[delivery.channel].deliver(delivery)
        except Blocked as error:
            return Settled(delivery.id, Outcome.BLOCKED, error=str(error))
        except Refused as error:
            log.warning("the channel refuses a reply", delivery=delivery.id, error=str(error))
            return Settled(delivery.id, Outcome.FAILED, error=str(error))
        except TryLater as error:
            return Settled(delivery.id, Outcome.RETRY, error=str(error), retry_at=self._clock() + error.after)
        except Uncertain as error:
            retry_at = self._clock() + self._pause(delivery)
            return Settled(delivery.id, Outcome.RETRY, error=str(error), retry_at=retry_at, uncertain=True)
        except Exception as error:
            log.exception("a delivery failed unforeseen", delivery=delivery.id)
            outcome = Outcome.RETRY if delivery.attempts < _GIVE_UP else Outcome.FAILED
            return Settled(
                delivery.id, outcome, error=repr(error), retry_at=self._clock() + self._pause(delivery)
            )
        return Settled(delivery.id, Outcome.SENT, ref=ref)

    def _pause(self, delivery: Delivery) -> timedelta:
        return timedelta(seconds=_PAUSES[min(delivery.attempts, len(_PAUSES)) - 1])


def _lease(
    shares: list[tuple[list[str], int]], now: datetime, room: int, holder: int, unit: Unit
) -> list[Delivery]:
    leased: list[Delivery] = []
    for names, most in shares:
        if (few := min(most, room - len(leased))) > 0:
            leased += unit.lease(now, names, few, holder)
    return leased


def _copies(delivery: Delivery, settled: Settled) -> tuple[Copy, ...]:
    """What stands in the reader's chat now: each message of the delivery, for each it carries over."""
    manner = delivery.manner
    if (
        settled.outcome is not Outcome.SENT
        or manner.operation is not Operation.SEND
        or not (manner.of or manner.watched)
    ):
        return ()
    sources = manner.of or ("",)
    return tuple(
        Copy(delivery.channel, ref, delivery.key, source) for ref in settled.ref.split() for source in sources
    )
