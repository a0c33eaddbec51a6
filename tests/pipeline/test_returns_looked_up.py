"""Goods on their way back: the carrier's own news move the case, day by day, whoever forgets to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from tests.pipeline.rig import Rig, on_its_way
from tests.stores import rows

NUMBER = "SF2000011112222"


async def sent_back(rig: Rig, waybill: str) -> datetime:
    """Ann has sent her return; when the shop's clock ends."""
    order = on_its_way()
    arrived = tuple(replace(parcel, state=ParcelState.DELIVERED) for parcel in order.parcels)
    await rig.owns("ann", replace(order, parcels=arrived, signed_at=rig.clock()))
    for words in ("东西收到了 不喜欢 我要退货退款 全额", "确认提交"):
        await rig.write("ann", words)
        await rig.work()
    [case] = await rows(rig.database, "cases")
    await rig.do("ann", "agree_return", case=case["number"])
    await rig.do("ann", "ship_back", case=case["number"], text=waybill)
    await rig.work()
    [case] = await rows(rig.database, "cases")
    assert case["state"] == "WAIT_SELLER_CONFIRM_GOODS"
    return datetime.fromisoformat(str(case["due_at"]))


async def next_day(rig: Rig) -> None:
    rig.clock.advance(hours=24)
    await rig.deadlines.step()
    await rig.work()
    await rig.worker.drain()
    await rig.work()


@pytest.mark.parametrize("waybill", [NUMBER, f"顺丰 {NUMBER}", "ZTO 73100099988877"])
async def test_what_is_signed_for_starts_the_laws_days_and_is_told(rig: Rig, waybill: str) -> None:
    before = await sent_back(rig, waybill)
    signed: list[Parcel] = []

    async def answer(parcel: Parcel) -> Parcel:
        signed.append(parcel)
        if len(signed) < 2:
            return parcel
        return replace(parcel, state=ParcelState.DELIVERED, events=(ParcelEvent(rig.clock(), "已签收"),))

    rig.carriers.answer = answer
    await next_day(rig)
    assert "case/return_signed" not in await rig.heard("ann")
    await next_day(rig)
    assert (await rig.heard("ann"))[-1] == "case/return_signed"
    [case] = await rows(rig.database, "cases")
    assert (case["goods"], datetime.fromisoformat(str(case["due_at"])) < before) == ("returned", True)
    await next_day(rig)
    assert [parcel.number for parcel in signed] == [waybill.rsplit(maxsplit=1)[-1]] * 2


async def test_where_the_carrier_can_not_be_told_nobody_is_asked(rig: Rig) -> None:
    await sent_back(rig, "9988776655")
    await next_day(rig)
    assert rig.carriers.asked == []
    assert await rig.shelf() == []
