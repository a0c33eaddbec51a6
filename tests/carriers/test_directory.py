"""The carriers we know."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.carriers.directory import CARRIERS, Carrier, carrier_of, code_for, link_for, with_link
from bot.domain.orders import Parcel, ParcelState


def parcel(carrier: str, number: str = "SF1234567890", link: str = "") -> Parcel:
    return Parcel(number, carrier, "E1", ParcelState.IN_TRANSIT, link=link)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.code)
def test_each_has_a_public_page_and_is_found_by_all_its_names(carrier: Carrier) -> None:
    parts = urlsplit(link_for(parcel(carrier.code)))
    assert parts.scheme == "https"
    assert parts.netloc
    assert carrier_of(carrier.code) is carrier
    assert {code_for(name) for name in carrier.names} == {carrier.code}


def test_names_are_read_as_people_write_them() -> None:
    assert [code_for(name) for name in ("顺丰", " SF  Express", "SHUNFENG", "中国邮政EMS", "圆通")] == [
        "sf",
        "sf",
        "sf",
        "ems",
        "yto",
    ]
    assert code_for("Acme Pigeons") == ""


def test_a_number_can_not_break_out_of_the_link() -> None:
    assert link_for(parcel("ups", '1Z"><a&x=1')) == "https://www.ups.com/track?tracknum=1Z%22%3E%3Ca%26x%3D1"


def test_a_link_of_its_own_is_kept() -> None:
    assert with_link(parcel("sf", link="https://shop.example/1")).link == "https://shop.example/1"
    assert with_link(parcel("sf")).link.endswith("/SF1234567890")
    assert with_link(parcel("pigeon")).link == ""
