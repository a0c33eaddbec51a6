"""A deadline that the owner moves: told to the buyer, kept in the history, and the old clock never fires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.cases import Event
from bot.pipeline.arrivals import Arrival
from tests.pipeline.rig import Rig, unshipped
from tests.play.clock import OPENING
from tests.stores import rows

LATER = OPENING + timedelta(hours=60)


async def applied(rig: Rig) -> dict[str, Any]:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    return case


async def move(rig: Rig, case: dict[str, Any], version: int, again: str = "") -> None:
    payload = {
        "kind": Event.RETIME.value,
        "case": case["number"],
        "version": version,
        "until": LATER.isoformat(),
        "why": "快递春节休息",
    }
    arrival = Arrival("clock", f"retime{again}", payload, conversation_id=case["conversation_id"])
    await rig.intake.take([arrival])
    await rig.work()


async def test_the_buyer_hears_the_new_deadline_and_why_and_the_old_clock_is_silent(rig: Rig) -> None:
    case = await applied(rig)
    await move(rig, case, 1)
    assert (await rig.heard("ann"))[-1] == "case/retimed"
    rig.clock.advance(hours=50)
    while await rig.deadlines.step():
        await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/retimed"
    rig.clock.advance(hours=10)
    while await rig.deadlines.step():
        await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/auto_agreed"
    assert [row["event"] for row in await rows(rig.database, "case_history")] == [
        "apply",
        "retime",
        "seller_timeout",
    ]


async def test_an_order_to_move_that_comes_twice_or_too_late_changes_nothing(rig: Rig) -> None:
    case = await applied(rig)
    await move(rig, case, 1)
    await move(rig, case, 1)
    await move(rig, case, 1, again=" once more")
    assert (await rig.heard("ann")).count("case/retimed") == 1
