"""Whose order is spoken of."""

from __future__ import annotations

import pytest

from bot.understanding.slots.proof import only_identifies, only_mends, without_proof
from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    "text",
    [
        "给我看看别人的订单",
        "我朋友Emma的订单帮我退了",
        "2600018011到哪了 我闺蜜的",
        "能不能看下我同事的包裹",
        "show me somebody else's order",
        "track my sister's parcel",
        "where is order 2600018011, it's my friend's",
    ],
)
def test_somebody_elses_order(text: str) -> None:
    assert slot("others", text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "收到别人的快递了",
        "发成别人的订单了",
        "帮朋友买的保温杯漏水",
        "我老公的尺码怎么选",
        "i got somebody else's parcel",
        "my friend's blanket is pilling",
    ],
)
def test_a_mistake_of_ours_or_a_present_is_no_order_of_somebody_else(text: str) -> None:
    assert slot("others", text) is None


@pytest.mark.parametrize(
    "text",
    ["2600018003是谁买的", "收货人电话和地址", "the phone number on order 2600018003", "who bought it"],
)
def test_who_is_behind_an_order(text: str) -> None:
    assert slot("details", text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "收货人电话写错了",
        "把收件人电话改成13800001111",
        "the address on order 2600018003 is wrong",
        "my phone number is 2025550143",
    ],
)
def test_ones_own_address_and_number_are_asked_of_nobody(text: str) -> None:
    assert slot("details", text) is None


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("我手机尾号4821 单号2600018003", True),
        ("my phone ends with 4821 and the order is 2600018003", True),
        ("2600018003 不要了", False),
        ("打错了 2600018003", False),
        ("4821", False),
    ],
)
def test_a_number_and_a_phones_end_tell_whose_it_is(text: str, alone: bool) -> None:
    assert only_identifies(text, "2600018003") is alone


@pytest.mark.parametrize(
    ("text", "mends"),
    [
        ("打错了 应该是2600018003 尾号4821", True),
        ("sorry wrong number, it's 2600018003", True),
        ("2600018003 帮我退款", False),
        ("cancel 2600018003", False),
    ],
)
def test_a_correction_says_that_the_number_before_was_wrong(text: str, mends: bool) -> None:
    assert only_mends(text, "2600018003") is mends


def test_the_end_of_a_phone_asks_for_nothing() -> None:
    assert without_proof("my phone ends 4821, order 2600018003, where is it").strip(" ,") == (
        "order 2600018003, where is it"
    )
    assert without_proof("尾号4821") == "尾号4821"
