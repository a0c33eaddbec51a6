"""Asks a source as rarely and as briefly as it can, and always has something to say."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.carriers.directory import with_link
from bot.carriers.source import ParcelRefused, Source
from bot.domain.orders import Parcel, ParcelState
from bot.errors import LookupUnavailable

REST = timedelta(seconds=60)
"""After a failure the parcel, or a carrier that failed again and again, is left alone for so long."""
PATIENCE = 3
"""Failures in a row after which the carrier as a whole is left alone."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)

Key = tuple[str, str]
"""Carrier and tracking number."""


@dataclass(slots=True)
class Memory:
    """What is remembered of a parcel."""

    answer: Parcel | None = None
    answered_at: datetime = _LONG_AGO
    rest_until: datetime = _LONG_AGO
    """Not asked again before."""


@dataclass(slots=True)
class Health:
    """How a carrier has been answering."""

    failures: int = 0
    """In a row."""
    rest_until: datetime = _LONG_AGO


class Tracker:
    """`ports.Track` over a source: time limit, cache, one question at a time for a parcel, rest after failures."""

    def __init__(
        self,
        source: Source,
        now: Callable[[], datetime],
        limit: timedelta,
        keep: timedelta,
        size: int = 10_000,
    ) -> None:
        """`limit` bounds the wait for an answer, `keep` is how long one is told again, `size` how many are kept."""
        self._source = source
        self._now = now
        self._limit = limit
        self._keep = keep
        self._size = size
        self._memory: OrderedDict[Key, Memory] = OrderedDict()
        self._health: dict[str, Health] = {}
        self._asking: dict[Key, asyncio.Task[bool]] = {}

    async def __call__(self, parcel: Parcel) -> Parcel:
        """The newest news of the parcel, or the newest known ones marked unavailable."""
        if parcel.state is ParcelState.DELIVERED:
            return with_link(parcel)
        memory = self._recall(parcel)
        if self._is_fresh(memory):
            return _told(parcel, memory, unavailable=False)
        if self._rests(parcel, memory):
            return _told(parcel, memory, unavailable=True)
        answered = await self._ask_once(parcel)
        return _told(parcel, self._recall(parcel), unavailable=not answered)

    async def close(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._source.close()

    # -- memory

    def _recall(self, parcel: Parcel) -> Memory:
        key = _key(parcel)
        memory = self._memory.setdefault(key, Memory())
        self._memory.move_to_end(key)
        while len(self._memory) > self._size:
            self._memory.popitem(last=False)
        return memory

    def _is_fresh(self, memory: Memory) -> bool:
        if memory.answer is None:
            return False
        return memory.answer.state is ParcelState.DELIVERED or self._now() - memory.answered_at < self._keep

    def _rests(self, parcel: Parcel, memory: Memory) -> bool:
        health = self._health.get(parcel.carrier, Health())
        return self._now() < max(memory.rest_until, health.rest_until)

    # -- asking

    async def _ask_once(self, parcel: Parcel) -> bool:
        """Ask, or wait for the answer somebody else is already waiting for. One who gives up does not stop the others."""
        key = _key(parcel)
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(parcel))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, parcel: Parcel) -> bool:
        """Ask and remember; True when there was an answer."""
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                answer = await self._source.ask(parcel)
        except ParcelRefused:
            self._recall(parcel).rest_until = self._now() + max(REST, self._keep)
        except TimeoutError:
            self._failed(parcel, f"no answer in {self._limit.total_seconds():g} s")
        except LookupUnavailable as error:
            self._failed(parcel, str(error))
        except Exception as error:  # a turn must not fail because a carrier's answer was odd
            log.exception("a defect while asking a carrier", carrier=parcel.carrier)
            self._failed(parcel, type(error).__name__)
        else:
            self._answered(parcel, answer)
            return True
        return False

    def _answered(self, parcel: Parcel, answer: Parcel) -> None:
        memory = self._recall(parcel)
        memory.answer, memory.answered_at, memory.rest_until = answer, self._now(), _LONG_AGO
        self._health.pop(parcel.carrier, None)

    def _failed(self, parcel: Parcel, why: str) -> None:
        until = self._now() + REST
        self._recall(parcel).rest_until = until
        health = self._health.setdefault(parcel.carrier, Health())
        health.failures += 1
        if health.failures >= PATIENCE:
            health.rest_until = until
        log.warning(
            "a carrier could not be asked", carrier=parcel.carrier, in_a_row=health.failures, reason=why
        )


def _key(parcel: Parcel) -> Key:
    return parcel.carrier, parcel.number


def _told(parcel: Parcel, memory: Memory, *, unavailable: bool) -> Parcel:
    """The newest of what the shop's records and the carrier's last answer say."""
    best = parcel
    if memory.answer is not None and _age(memory.answer) > _age(parcel):
        best = replace(memory.answer, order_number=parcel.order_number)
    return with_link(replace(best, unavailable=unavailable))


def _age(parcel: Parcel) -> tuple[datetime, datetime]:
    last = parcel.last_event
    return (last.at if last else _LONG_AGO, parcel.as_of or _LONG_AGO)
