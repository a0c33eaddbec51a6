"""Phone numbers."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("手机号是13800138000", "13800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("+1 (555) 123-4567", "+15551234567"),
        ("(555) 123-4567", "5551234567"),
        ("call me at 5551234567", "5551234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("010-62345678", "01062345678"),
        ("(021) 6234 5678", "02162345678"),
    ],
)
def test_a_phone_number_is_digits_with_its_plus(text: str, phone: str) -> None:
    assert slot("phone", text) == phone
    assert slot("order_number", text) is None


@pytest.mark.parametrize(
    "text", ["2600018003", "SF1380013800012", "2026-11-03", "顺丰13800138000", "12345", "23800138000"]
)
def test_other_numbers_are_no_phone(text: str) -> None:
    assert slot("phone", text) is None


def test_where_an_order_number_is_asked_for_eleven_digits_are_one() -> None:
    assert slot("order_number", "13800138000", "order_number") == "13800138000"


def test_where_the_last_digits_are_asked_for_the_flow_reads_them_itself() -> None:
    assert slot("phone", "13800138000", "phone_digits") is None
    assert slot("order_number", "13800138000", "phone_digits") is None
