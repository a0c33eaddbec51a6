"""Which tax numbers are written right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.tax_numbers import is_credit_code, tax_number

CODE = "91350100M000100Y43"
"""The example of the standard, GB 32100-2015."""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (CODE, CODE),
        ("91350100 m000100y 43", CODE),
        ("DE 123 456 789", "DE123456789"),
        ("ATU12345678", "ATU12345678"),
        ("NL123456789B01", "NL123456789B01"),
    ],
)
def test_a_number_that_is_written_right_is_put_plainly(text: str, plain: str) -> None:
    assert tax_number(text) == plain


@pytest.mark.parametrize(
    "text", ["", "DE12345678", "US123456789", "91350100M000100Y4", "12-3456789", "U12345678"]
)
def test_a_number_that_is_not_is_none(text: str) -> None:
    assert tax_number(text) is None


@given(some.integers(0, 17), some.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_mistyped_character_of_a_credit_code_is_noticed(place: int, char: str) -> None:
    mistyped = CODE[:place] + char + CODE[place + 1 :]
    assert is_credit_code(mistyped) is (mistyped == CODE)
