"""parcels.csv: scans and states."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.orders import ParcelState
from bot.errors import ImportRefused
from bot.shop.csv_parcels import parse_parcels

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "order_number,tracking_number,carrier,state,shipped_at,eta,event_at,event_text,event_place,as_of"
FIRST = "A-1,yt7300018003001,圆通,in_transit,2026-11-01 16:40,2026-11-05 18:00,2026-11-01 19:12,已揽收,杭州,"
SECOND = "A-1,YT7300018003001,,,,,2026-11-02 02:48,到达转运中心,杭州,"


def codes(name: str) -> str:
    return {"圆通": "yto"}.get(name, "")


def test_scans_of_a_parcel_are_gathered_newest_first() -> None:
    parsed = parse_parcels(f"{HEADER}\n{FIRST}\n{SECOND}\n{SECOND}", SHANGHAI, codes)
    assert parsed.problems == ()
    (parcel,) = parsed.parcels
    assert (parcel.number, parcel.carrier, parcel.order_number) == ("YT7300018003001", "yto", "A-1")
    assert parcel.state is ParcelState.IN_TRANSIT
    assert parcel.eta == datetime(2026, 11, 5, 10, tzinfo=UTC)
    assert [event.text for event in parcel.events] == ["到达转运中心", "已揽收"]
    assert parcel.as_of == datetime(2026, 11, 1, 18, 48, tzinfo=UTC), (
        "without as_of it is as old as its last scan"
    )


def test_one_row_a_parcel_and_chinese_headers_and_states() -> None:
    text = "订单号;运单号;快递公司;物流状态;更新时间\nA-1;SF123456;顺丰;已签收;2026-11-03 08:00\n"
    (parcel,) = parse_parcels(text, SHANGHAI).parcels
    assert (parcel.state, parcel.carrier, parcel.events) == (ParcelState.DELIVERED, "顺丰", ())
    assert parcel.as_of == datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "in_transit",
            "flying",
            "row 2, state: 'flying' is not a state of a parcel; write one of collected, in_transit",
        ),
        ("in_transit", "", "row 2, state: '' is not a state"),
        ("圆通", "", "row 2, carrier: '' is empty"),
        ("圆通", "x" * 21, "is longer than 20 characters"),
        ("yt7300018003001", "9" * 41, "row 2, tracking_number: '" + "9" * 39 + "…' is not such a number"),
        ("2026-11-01 19:12", "", "row 2, event_at: '' is empty though something happened"),
        ("已揽收", "", "row 2, event_text: '' is empty though the scan has a time"),
        ("2026-11-05 18:00", "soon", "row 2, eta: 'soon' is not a time"),
        ("A-1", "A_1", "row 2, order_number: 'A_1' is not such a number"),
    ],
)
def test_a_wrong_cell_leaves_the_parcel_out(old: str, new: str, complaint: str) -> None:
    parsed = parse_parcels(f"{HEADER}\n{FIRST.replace(old, new, 1)}\n", SHANGHAI, codes)
    assert parsed.parcels == ()
    assert [complaint in str(problem) for problem in parsed.problems] == [True]


def test_a_parcel_belongs_to_one_order() -> None:
    parsed = parse_parcels("\n".join((HEADER, FIRST, SECOND.replace("A-1", "B-2"))), SHANGHAI, codes)
    assert [str(problem) for problem in parsed.problems] == [
        "row 3, order_number: 'B-2' differs from row 2; make them the same"
    ]


@given(some.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for whole in (text, f"{HEADER}\n{FIRST}\n{text}"):
        try:
            parse_parcels(whole, SHANGHAI, codes)
        except ImportRefused:
            continue
