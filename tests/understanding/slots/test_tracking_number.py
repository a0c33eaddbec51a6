"""Tracking numbers, whose they are, and which of them are mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.carriers.directory import carrier_of
from bot.understanding.slots import Context, Doubt, find_slots
from tests.understanding.slots.reading import NOTHING_TAUGHT, read

DIGITS = "0123456789"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


def with_gs1(body: str, counted_too: str = "") -> str:
    """The body and its check digit by the definition: what is missing to a multiple of ten."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(counted_too + body)))
    return f"{body}{-total % 10}"


def with_s10(body: str) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"{body}{'50987654321'[rest]}"


def with_ups(body: str) -> str:
    values = [int(char) if char.isdigit() else (ord(char) - ord("A") + 2) % 10 for char in body]
    total = sum(value * (1, 2)[place % 2] for place, value in enumerate(values))
    return f"1Z{body}{-total % 10}"


def with_fedex_12(body: str) -> str:
    total = sum(int(digit) * (1, 3, 7)[place % 3] for place, digit in enumerate(reversed(body)))
    return f"{body}{total % 11 % 10}"


def changed(number: str, at: int, by: int) -> str:
    return f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"


VALID = st.one_of(
    st.tuples(
        st.just("ups"), st.text(DIGITS + "ABCXYZ", min_size=7, max_size=7).map(lambda s: s + "12345678")
    ).map(lambda pair: (pair[0], with_ups(pair[1]))),
    digits(8).map(lambda body: ("ems", f"EE{with_s10(body)}CN")),
    digits(8).map(lambda body: ("usps", f"RR{with_s10(body)}US")),
    digits(19).map(lambda body: ("usps", with_gs1(f"94{body}"))),
    digits(17).map(lambda body: ("fedex", with_gs1(f"61{body}", counted_too="92"))),
    digits(11).map(lambda body: ("fedex", with_fedex_12(body))),
    digits(14).map(lambda body: ("fedex", with_gs1(body))),
    digits(9).map(lambda body: ("dhl", f"{body}{int(body) % 7}")),
)
"""Carrier and a number of its making."""
NAMED = {"ups": "UPS", "ems": "EMS", "usps": "USPS", "fedex": "FedEx", "dhl": "DHL"}


@given(VALID)
def test_every_valid_number_is_known_with_its_carrier(made: tuple[str, str]) -> None:
    carrier, number = made
    found = read(f"{NAMED[carrier]} {number}")
    assert (found.slots["tracking_number"], found.slots["carrier"]) == (number, carrier)
    assert "tracking_number" in found.exact
    assert not found.doubts


@given(VALID, st.integers(1, 9))
def test_a_wrong_check_digit_is_kept_and_doubted(made: tuple[str, str], by: int) -> None:
    carrier, number = made
    last = len(number) - 3 if number.endswith(("CN", "US")) else len(number) - 1
    wrong = changed(number, last, by)
    found = read(f"{NAMED[carrier]} {wrong}")
    assert found.slots["tracking_number"] == wrong
    if len(number) != 20:  # twenty digits of a wrong 61 number may be right for the post
        assert found.doubts == {"tracking_number": Doubt.CHECK_DIGIT}
        assert "tracking_number" not in found.exact


@given(digits(19), st.integers(2, 21), st.integers(1, 9))
def test_any_digit_changed_in_a_mod_10_number_is_doubted(body: str, at: int, by: int) -> None:
    wrong = changed(with_gs1(f"94{body}"), at, by)
    assert read(f"USPS {wrong}").doubts == {"tracking_number": Doubt.CHECK_DIGIT}


@given(digits(15), st.integers(0, 14), st.sampled_from([1, 2, 3, 4, 6, 7, 8, 9]))
def test_any_digit_of_a_1z_number_changed_by_anything_but_five_is_doubted(
    body: str, at: int, by: int
) -> None:
    wrong = changed(with_ups(body), at + 2, by)
    assert read(wrong).doubts == {"tracking_number": Doubt.CHECK_DIGIT}


@given(digits(9), st.integers(0, 8), st.sampled_from([1, 2, 4, 5, 6, 8, 9]))
def test_a_digit_changed_in_a_dhl_number_is_doubted_unless_seven_apart(body: str, at: int, by: int) -> None:
    number = f"{body}{int(body) % 7}"
    wrong = changed(number, at, by)
    if abs(int(wrong[at]) - int(number[at])) != 7:
        assert read(f"DHL {wrong}").doubts == {"tracking_number": Doubt.CHECK_DIGIT}


@pytest.mark.parametrize(
    ("text", "number", "carrier"),
    [
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784", "ups"),
        ("1z999aa10123456784", "1Z999AA10123456784", "ups"),
        ("RB 123 456 785 CN", "RB123456785CN", "ems"),
        ("9400 1112 0108 0805 4830 16", "9400111201080805483016", "usps"),
        ("420221539101026837331000039521", "420221539101026837331000039521", "usps"),
        ("7196 9010 7560 0307 7385", "71969010756003077385", "usps"),
        ("61299998820821171811", "61299998820821171811", "fedex"),
        ("9611020987654312345672", "9611020987654312345672", "fedex"),
        ("fedex 0414 4176 0228 964", "041441760228964", "fedex"),
        ("986578788855 by FedEx", "986578788855", "fedex"),
        ("SF1300018201001", "SF1300018201001", "sf"),
        ("查单号sf1300018201001", "SF1300018201001", "sf"),
        ("YT7300018201001", "YT7300018201001", "yto"),
        ("JDV001234567890", "JDV001234567890", "jd"),
        ("顺丰单号123456789012", "123456789012", "sf"),
        ("圆通 812345678901", "812345678901", "yto"),
        ("单号 78012345678901 中通的", "78012345678901", "zto"),
        ("京东 123456789012", "123456789012", "jd"),
    ],
)
def test_the_carrier_is_told_by_shape_or_by_the_words_beside(text: str, number: str, carrier: str) -> None:
    found = read(text)
    assert (found.slots.get("tracking_number"), found.slots.get("carrier")) == (number, carrier)
    assert carrier_of(carrier) is not None
    assert not found.doubts


@pytest.mark.parametrize("text", ["快递单号123456789012", "tracking number 123456789012", "JT1234567890123"])
def test_a_number_may_be_known_and_its_carrier_not(text: str) -> None:
    found = read(text)
    assert "tracking_number" in found.slots
    assert "carrier" not in found.slots


@pytest.mark.parametrize(
    "text", ["986578788855", "041441760228964", "订单986578788855 顺丰发的", "order 986578788855 by fedex"]
)
def test_digits_that_may_be_an_order_are_one(text: str) -> None:
    found = read(text)
    assert "tracking_number" not in found.slots
    assert found.slots["order_number"] in text


def test_an_own_order_that_looks_like_a_tracking_number_stays_an_order() -> None:
    own = Context(orders=("986578788855",))
    found = find_slots("FedEx 986578788855", NOTHING_TAUGHT, own)
    assert found.slots == {"order_number": "986578788855", "carrier": "fedex"}


def test_an_own_parcel_is_found_and_its_carrier_told() -> None:
    found = read("yt7300018003001")
    assert found.slots == {"tracking_number": "YT7300018003001", "carrier": "yto"}


def test_an_s10_number_with_one_digit_off_is_doubted() -> None:
    assert read("RB123456785GB").doubts == {}
    assert read("RB123456775GB").doubts == {"tracking_number": Doubt.CHECK_DIGIT}


@pytest.mark.parametrize(
    "text", ["查快递 2600018999", "快递到哪了 2600018999", "where's my parcel 2600018999"]
)
def test_a_short_number_beside_words_for_parcels_is_an_orders(text: str) -> None:
    found = read(text)
    assert found.slots["order_number"] == "2600018999"
    assert "tracking_number" not in found.slots


@pytest.mark.parametrize("text", ["快递单号 2600018999", "退货快递 2600018999", "tracking number 2600018999"])
def test_a_short_number_that_is_called_a_parcels_is_one(text: str) -> None:
    assert read(text).slots["tracking_number"] == "2600018999"
