"""The tracker: rarely, briefly, and never without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.carriers import SOURCES, make_tracker
from bot.carriers.source import ParcelRefused
from bot.carriers.tracker import PATIENCE, REST, Tracker
from bot.config import load
from bot.config.registry import SETTINGS
from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.errors import LookupUnavailable
from tests.doubles.kuaidi100 import Kuaidi100

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEEP = timedelta(minutes=30)
OLD = ParcelEvent(START - timedelta(days=1), "已揽收")
FRESH = ParcelEvent(START, "派送中")
PARCEL = Parcel("YT7300012345678", "yto", "E1", ParcelState.COLLECTED, events=(OLD,))


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Carrier:
    """A source that answers what it is told to."""

    says: Callable[[Parcel], Parcel | Exception]
    asked: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def ask(self, parcel: Parcel) -> Parcel:
        self.asked += 1
        await self.gate.wait()
        answer = self.says(parcel)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed = True


def news(parcel: Parcel) -> Parcel:
    return replace(parcel, state=ParcelState.OUT_FOR_DELIVERY, events=(FRESH, *parcel.events), as_of=FRESH.at)


def down(_: Parcel) -> Exception:
    return LookupUnavailable("down")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tracker_of(carrier: Carrier, clock: Clock, limit: float = 5, size: int = 100) -> Tracker:
    return Tracker(carrier, clock, timedelta(seconds=limit), KEEP, size)


def ready(says: Callable[[Parcel], Parcel | Exception]) -> Carrier:
    carrier = Carrier(says)
    carrier.gate.set()
    return carrier


async def test_an_answer_is_told_again_until_it_is_old(clock: Clock) -> None:
    carrier = ready(news)
    track = tracker_of(carrier, clock)
    first = await track(PARCEL)
    assert (first.events[0], first.unavailable) == (FRESH, False)
    assert first.link == "https://www.yto.net.cn/"
    clock.passes(KEEP - timedelta(seconds=1))
    assert await track(PARCEL) == first
    assert carrier.asked == 1
    clock.passes(timedelta(seconds=1))
    await track(PARCEL)
    assert carrier.asked == 2


async def test_many_at_once_are_one_question(clock: Clock) -> None:
    carrier = Carrier(news)
    track = tracker_of(carrier, clock)
    waiting = [asyncio.create_task(track(PARCEL)) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    carrier.gate.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert {answer.events[0] for answer in answers[1:] if isinstance(answer, Parcel)} == {FRESH}
    assert carrier.asked == 1


async def test_a_slow_carrier_is_not_waited_for(clock: Clock) -> None:
    track = tracker_of(Carrier(news), clock, limit=0.01)
    found = await track(PARCEL)
    assert found == replace(PARCEL, unavailable=True, link="https://www.yto.net.cn/")


async def test_a_failure_tells_the_newest_known_news(clock: Clock) -> None:
    carrier = ready(news)
    track = tracker_of(carrier, clock)
    await track(PARCEL)
    clock.passes(KEEP)
    carrier.says = down
    found = await track(PARCEL)
    assert found.unavailable
    assert found.events[0] == FRESH, "what the carrier said half an hour ago is newer than what was imported"


async def test_imported_news_that_are_newer_than_the_answer_win(clock: Clock) -> None:
    track = tracker_of(ready(news), clock)
    await track(PARCEL)
    newer = ParcelEvent(START + timedelta(minutes=5), "已签收")
    found = await track(replace(PARCEL, events=(newer, OLD)))
    assert found.events[0] == newer


async def test_after_a_failure_the_parcel_is_left_alone_for_a_while(clock: Clock) -> None:
    carrier = ready(down)
    track = tracker_of(carrier, clock)
    assert (await track(PARCEL)).unavailable
    assert (await track(PARCEL)).unavailable
    assert carrier.asked == 1
    carrier.says = news
    clock.passes(REST)
    assert not (await track(PARCEL)).unavailable


async def test_a_dead_carrier_is_not_asked_for_each_parcel(clock: Clock) -> None:
    carrier = ready(down)
    track = tracker_of(carrier, clock)
    for number in range(PATIENCE + 5):
        assert (await track(replace(PARCEL, number=f"YT{number}"))).unavailable
    assert carrier.asked == PATIENCE
    await track(replace(PARCEL, carrier="sto"))
    assert carrier.asked == PATIENCE + 1, "another carrier may be well"


async def test_a_refused_parcel_does_not_blame_the_carrier(clock: Clock) -> None:
    carrier = ready(lambda parcel: ParcelRefused("phone") if parcel is PARCEL else news(parcel))
    track = tracker_of(carrier, clock)
    for _ in range(PATIENCE + 1):
        assert (await track(PARCEL)).unavailable
    assert carrier.asked == 1
    assert not (await track(replace(PARCEL, number="YT1"))).unavailable


async def test_a_defect_in_a_source_does_not_reach_the_turn(clock: Clock) -> None:
    assert (await tracker_of(ready(lambda _: ZeroDivisionError()), clock)(PARCEL)).unavailable


async def test_delivered_is_the_end_of_asking(clock: Clock) -> None:
    carrier = ready(lambda parcel: replace(news(parcel), state=ParcelState.DELIVERED))
    track = tracker_of(carrier, clock)
    await track(PARCEL)
    clock.passes(10 * KEEP)
    assert (await track(PARCEL)).state is ParcelState.DELIVERED
    assert carrier.asked == 1
    await track(replace(PARCEL, number="YT1", state=ParcelState.DELIVERED))
    assert carrier.asked == 1


async def test_memory_is_bounded(clock: Clock) -> None:
    carrier = ready(news)
    track = tracker_of(carrier, clock, size=3)
    for number in range(10):
        await track(replace(PARCEL, number=f"YT{number}"))
    assert len(track._memory) == 3
    await track(replace(PARCEL, number="YT9"))
    assert carrier.asked == 10
    await track(replace(PARCEL, number="YT0"))
    assert carrier.asked == 11


async def test_close_stops_what_is_under_way(clock: Clock) -> None:
    carrier = Carrier(news)
    track = tracker_of(carrier, clock)
    waiting = asyncio.create_task(track(PARCEL))
    await asyncio.sleep(0)
    await track.close()
    assert carrier.closed
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def _no_phone(_: str) -> str:
    return ""


async def test_the_stored_source_tells_what_was_imported_at_once(clock: Clock) -> None:
    track = make_tracker(load(None, {}), clock, _no_phone)
    assert (await track(PARCEL)).state is ParcelState.COLLECTED
    assert (await track(replace(PARCEL, state=ParcelState.EXCEPTION))).state is ParcelState.EXCEPTION
    assert not (await track(PARCEL)).unavailable
    await track.close()


async def test_kuaidi100_as_configured(clock: Clock) -> None:
    async with Kuaidi100() as service:
        service.knows("yuantong", PARCEL.number, state="3", scans=[("2026-11-20 16:00:00", "已签收", "上海")])
        environ = {
            "SHOUHOU_CARRIERS__SOURCE": "kuaidi100",
            "SHOUHOU_CARRIERS__BASE_URL": service.url,
            "KUAIDI100_CUSTOMER": service.customer,
            "KUAIDI100_KEY": service.key,
        }
        track = make_tracker(load(None, environ), clock, _no_phone)
        found = await track(PARCEL)
        assert (found.state, found.unavailable) == (ParcelState.DELIVERED, False)
        await track.close()


async def test_a_service_that_hangs_costs_one_time_limit(clock: Clock) -> None:
    async with Kuaidi100(fault="slow") as service:
        environ = {
            "SHOUHOU_CARRIERS__SOURCE": "kuaidi100",
            "SHOUHOU_CARRIERS__TIMEOUT_SECONDS": "0.1",
            "SHOUHOU_CARRIERS__BASE_URL": service.url,
            "KUAIDI100_CUSTOMER": service.customer,
            "KUAIDI100_KEY": service.key,
        }
        track = make_tracker(load(None, environ), clock, _no_phone)
        assert (await track(PARCEL)).unavailable
        assert (await track(PARCEL)).unavailable
        assert service.requests == 1
        await track.close()


def test_each_source_can_be_configured_and_each_configured_one_exists() -> None:
    assert SETTINGS["carriers.source"].kind.allowed == ", ".join(SOURCES)
