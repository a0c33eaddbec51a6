"""Clocks that come due."""

from __future__ import annotations

from tests.pipeline.rig import Rig, unshipped
from tests.stores import rows


async def test_a_shop_that_stays_silent_has_agreed(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    rig.clock.advance(hours=47, minutes=59)
    assert await rig.deadlines.step()  # the shop's reminder
    assert not await rig.deadlines.step()
    rig.clock.advance(minutes=1)
    assert await rig.deadlines.step()
    assert not await rig.deadlines.step()
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/auto_agreed"
    [refund] = await rows(rig.database, "refunds")
    assert refund["amount"] == 32_900


async def test_a_deadline_that_was_overtaken_says_nothing(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    rig.clock.advance(hours=48)
    [case] = await rows(rig.database, "cases")
    await rig.do("ann", "refuse", case=case["number"], version=case["version"], text="已经打包")
    await rig.deadlines.step()
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/refused"
    assert await rows(rig.database, "refunds") == []


async def test_what_comes_due_after_a_success_is_done_with(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    await rig.do("ann", "agree", case=case["number"], version=case["version"])
    await rig.work()
    rig.clock.advance(days=10)
    assert await rig.deadlines.step()
    await rig.work_patiently()
    assert await rig.shelf() == []
    assert {row["state"] for row in await rows(rig.database, "inbox")} == {"done"}
