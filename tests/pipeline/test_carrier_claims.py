"""The claim on the carrier for what came damaged: it stands beside the buyer's case, who hears only what comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.orders import ParcelState
from tests.pipeline.rig import Rig, on_its_way
from tests.stores import rows


async def applied(rig: Rig) -> dict[str, Any]:
    """Ann has applied for what came broken; the claim's row."""
    order = on_its_way()
    arrived = tuple(replace(parcel, state=ParcelState.DELIVERED) for parcel in order.parcels)
    await rig.owns("ann", replace(order, parcels=arrived, signed_at=rig.clock()))
    for words in ("收到的时候箱子烂了 里面玻璃也碎了", "没拍照", "直接退款吧", "嗯"):
        await rig.write("ann", words)
        await rig.work()
    claim, case = sorted(await rows(rig.database, "cases"), key=lambda row: str(row["number"]))
    assert (claim["kind"], claim["reason"], case["kind"]) == ("parcel_inquiry", "damaged", "refund_only")
    assert (claim["number"][0], case["number"][0]) == ("C", "R")
    assert (await rig.heard("ann"))[-2:] == ["request_refund/opened", "parcel_damaged/claimed"]
    return claim


async def test_a_carrier_that_keeps_silent_about_a_claim_is_no_news_for_the_buyer(rig: Rig) -> None:
    claim = await applied(rig)
    before = len(await rig.heard("ann"))
    for _ in range(4):
        rig.clock.advance(hours=10)
        await rig.deadlines.step()
        await rig.work()
    [after] = [row for row in await rows(rig.database, "cases") if row["number"] == claim["number"]]
    assert after["missed"] >= 1
    assert "case/carrier_silent" not in (await rig.heard("ann"))[before:]
    said = [row["reply"] for row in await rows(rig.database, "lines")]
    assert said.count("desk/ask_carrier") == 1 + after["missed"]


async def test_what_the_carrier_answers_to_a_claim_is_told_and_nothing_is_asked_afterwards(rig: Rig) -> None:
    claim = await applied(rig)
    await rig.do("ann", "answer", case=claim["number"], text="同意全额赔付")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/carrier_answered"
    waiting = [row for row in await rows(rig.database, "deadlines") if row["state"] == "waiting"]
    assert claim["number"] not in {row["case_number"] for row in waiting}


async def test_a_claim_is_none_of_the_matters_the_buyer_is_asked_about(rig: Rig) -> None:
    await applied(rig)
    await rig.write("ann", "退款进度")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "refund_status/one"
    await rig.write("ann", "不退了 帮我撤销")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "revoke_refund/confirm"
    await rig.write("ann", "确认撤销")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "revoke_refund/done"
    assert [row["state"] for row in await rows(rig.database, "cases")].count("WAIT_CARRIER") == 1
