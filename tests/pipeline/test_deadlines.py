"""Clocks that come due."""

from __future__ import annotations

from datetime import timedelta

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


async def test_what_the_buyer_is_asked_stays_asked_while_a_clock_fires(rig: Rig) -> None:
    await rig.owns("ann", unshipped(), unshipped("2600018009"))
    await rig.write("ann", "我要投诉你们，客服态度太差 2600018001")
    await rig.work()
    [complaint] = await rows(rig.database, "cases")
    rig.clock.now = complaint["due_at"] - timedelta(minutes=2)
    await rig.write("ann", "退款 2600018009")
    await rig.work()
    rig.clock.advance(minutes=2)
    await rig.deadlines.step()
    await rig.work()
    assert "case/overdue" in await rig.heard("ann")
    await rig.write("ann", "是的")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "request_refund/opened"


async def test_a_case_is_acted_on_only_where_its_buyer_hears_of_it(rig: Rig) -> None:
    for name in ("ann", "bob"):  # both have proven that the order is theirs
        await rig.owns(name, unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    await rig.do("bob", "refuse", case=case["number"], version=1, text="已经打包")
    await rig.work()
    assert await rig.heard("bob") == []
    assert rig.words.said[-1].reply == "desk/elsewhere"
    assert (await rows(rig.database, "cases"))[0]["state"] == "WAIT_SELLER_AGREE"
