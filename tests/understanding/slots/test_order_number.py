"""Which order a number names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.slots import Doubt
from tests.understanding.slots.reading import ORDERS, read, slot


@pytest.mark.parametrize(
    "text",
    [
        "2600018003",
        "２６０００１８００３",
        "2600 018 003",
        "2600-018-003 退款",
        "订单2600018003什么时候发",
        "#2600018003?",
        "1 2 3 2600018003 20",
    ],
)
def test_the_buyers_own_number_is_found_however_it_is_typed(text: str) -> None:
    assert slot("order_number", text) == "2600018003"


@pytest.mark.parametrize("text", ["so-77-1234", "SO771234", "So 77 1234", "where is so-77-1234"])
def test_letters_may_be_small_and_dashes_missing(text: str) -> None:
    assert slot("order_number", text) == "SO-77-1234"


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("2600018030", "two swapped"),
        ("2600918003", "one wrong"),
        ("260001803", "one missing"),
        ("26000180003", "one doubled"),
        ("refund 2600081003 please", "two swapped in a sentence"),
    ],
)
def test_one_slip_is_repaired_to_the_own_number_and_doubted(text: str, slip: str) -> None:
    found = read(text)
    assert found.slots["order_number"] == "2600018003", slip
    assert found.doubts == {"order_number": Doubt.REPAIRED}
    assert "order_number" not in found.exact


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2600018009", "numbers count up: it is the order of somebody else"),
        ("2600018203", "so is this"),
        ("2600010000", "two slips"),
        ("26000180093", "a digit too many that is no doubled one"),
    ],
)
def test_another_number_stays_what_was_typed(text: str, why: str) -> None:
    found = read(text)
    assert found.slots["order_number"] == text, why
    assert not found.doubts


def test_a_number_typed_where_another_is_asked_for_is_not_repaired() -> None:
    assert slot("order_number", "2600918003", "order_number") == "2600918003"


@pytest.mark.parametrize(
    "text",
    ["尾号8114", "订单尾号是8114", "后四位8114", "order ending in 8114", "the last four digits are 8114"],
)
def test_an_order_is_named_by_its_end(text: str) -> None:
    assert slot("order_number", text) == "2600018114"


@pytest.mark.parametrize(
    "text", ["手机尾号8114", "my phone ends in 8114", "快递尾号8114", "卡尾号8114", "尾号9999"]
)
def test_the_end_of_something_else_names_no_order(text: str) -> None:
    assert slot("order_number", text) is None


@pytest.mark.parametrize("text", ["14 Alder Lane, Portland OR 97205-1234", "zip code 97205-1234"])
def test_the_postal_code_of_an_address_is_no_order(text: str) -> None:
    assert slot("order_number", text) is None


def test_a_number_that_is_written_like_a_postal_code_is_one_elsewhere() -> None:
    assert slot("order_number", "order 97205-1234") == "97205-1234"


def test_a_bare_end_names_one_of_the_orders_asked_about() -> None:
    assert slot("order_number", "8114", "order") == "2600018114"
    assert slot("order_number", "8114") is None


@pytest.mark.parametrize("asking", ["phone_digits", "amount"])
def test_digits_asked_for_otherwise_are_no_order_of_somebody_else(asking: str) -> None:
    assert slot("order_number", "2600099999", asking) is None
    assert slot("order_number", "2600018003", asking) == "2600018003"


def test_the_answer_alone_is_exact_and_a_mention_is_not() -> None:
    assert "order_number" in read("2600018003").exact
    assert "order_number" not in read("I would like to know where 2600018003 is").exact


@given(before=st.text(max_size=50), after=st.text(max_size=300), number=st.sampled_from(ORDERS[:2]))
def test_an_own_number_is_found_in_any_text(before: str, after: str, number: str) -> None:
    assert slot("order_number", f"{before} , {number} , {after}") == number
