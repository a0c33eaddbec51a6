"""What is said unasked: not at night, one a day, not while others speak, and never to who said stop."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from bot.domain.aftercare import Aftercare
from tests.pipeline.rig import Rig, unshipped
from tests.play.clock import OPENING
from tests.stores import rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNASKED = {"aftercare/arrived", "aftercare/score", "aftercare/unpaid", "aftercare/visit"}


async def refunded(rig: Rig, who: str, *orders: str) -> None:
    """These orders were cancelled, granted, and paid."""
    await rig.owns(who, *(unshipped(number) for number in orders))
    for number in orders:
        await rig.write(who, f"订单{number}取消掉")
        await rig.work()
        await rig.tap(who, "|cancel|yes")
        await rig.work()
        newest = (await rows(rig.database, "cases"))[-1]["number"]
        await rig.do(who, "agree", case=newest)
        await rig.work()
        await rig.do(who, "succeed", case=f"refund:{newest}")
        await rig.work()


async def pass_days(rig: Rig, who: str, days: int) -> list[tuple[str, datetime]]:
    """What is said unasked, hour by hour, with the shop's time of it."""
    told: list[tuple[str, datetime]] = []
    before = len(await rig.heard(who))
    for _ in range(days * 24):
        rig.clock.advance(hours=1)
        while await rig.deadlines.step():
            await rig.work()
        heard = await rig.heard(who)
        told += [(name, rig.clock().astimezone(SHANGHAI)) for name in heard[before:] if name in UNASKED]
        before = len(heard)
    return told


async def test_of_several_that_come_due_on_one_day_each_has_its_own(rig: Rig) -> None:
    await refunded(rig, "ann", "2600018001", "2600018009", "2600018010")
    told = await pass_days(rig, "ann", 12)
    assert [name for name, _ in told] == ["aftercare/arrived"] * 3
    assert len({at.date() for _, at in told}) == 3
    assert all(time(8) <= at.time() < time(22) for _, at in told)


async def test_who_said_stop_is_asked_nothing_more_and_may_come_back(rig: Rig) -> None:
    await refunded(rig, "ann", "2600018001", "2600018009")
    await rig.write("ann", "别再发了")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "unasked/stopped"
    assert (await rig.conversation("ann")).quiet
    assert await pass_days(rig, "ann", 12) == []
    await rig.write("ann", "开始提醒")
    await rig.work()
    assert not (await rig.conversation("ann")).quiet


async def test_a_score_is_kept_with_its_case_and_the_last_word_counts(rig: Rig) -> None:
    await refunded(rig, "ann", "2600018001")
    await pass_days(rig, "ann", 7)
    await rig.tap("ann", "arrived=yes")
    await rig.work()
    await rig.tap("ann", "score=5")
    await rig.work()
    await rig.tap("ann", "score=2")
    await rig.work()
    [score] = await rows(rig.database, "scores")
    assert score["score"] == 2


moments = some.integers(0, 730 * 24 * 60).map(lambda minutes: OPENING + timedelta(minutes=minutes))
clocks = some.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(some.lists(moments, max_size=40), clocks, clocks)
def test_whatever_comes_due_there_is_one_unasked_message_a_day_outside_the_quiet_hours(
    due: list[datetime], quiet_from: time, quiet_to: time
) -> None:
    wanted = Aftercare(quiet_from=quiet_from, quiet_to=quiet_to)
    waiting, last, days = sorted(due), None, []
    while waiting:
        now = waiting.pop(0)
        at = wanted.next_unasked(now, last, SHANGHAI)
        assert at >= now
        if at > now:
            waiting = sorted([*waiting, at])
            continue
        last = now
        local = now.astimezone(SHANGHAI)
        assert not wanted.is_quiet(local.time())
        days.append(local.date())
    assert len(days) == len(due)
    assert len(set(days)) == len(days)


@given(moments, clocks, clocks)
def test_quiet_hours_end_within_a_day(at: datetime, quiet_from: time, quiet_to: time) -> None:
    free = Aftercare(quiet_from=quiet_from, quiet_to=quiet_to).after_quiet(at, SHANGHAI)
    assert at <= free <= at + timedelta(days=1)
