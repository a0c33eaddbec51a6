"""Amounts people type, read to the last digit or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def read(text: str, book: Phrasebook) -> str | None:
    return understand(text, book, Thresholds(), Context(asking="amount")).slots.get("amount")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥1,299.00", "1299.00"),
        ("1,299", "1299"),
        ("1，299元", "1299"),
        ("￥１，２９９", "1299"),
        ("1,234,567.8", "1234567.8"),
        ("refund 1,299.50 dollars", "1299.50"),
        ("退1299吧", "1299"),
        ("20元", "20"),
        ("二十块", "20"),
        ("一百二", "120"),
    ],
)
def test_an_amount_is_read_whole(text: str, amount: str, book: Phrasebook) -> None:
    got = read(text, book)
    assert got is not None
    assert Decimal(got) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "−5",
        "-5元",
        "¥-5",
        "-¥5",
        "负5元",
        "负五元",
        "负五",
        "20-30元",
        "五折",
        "5折",
        "50%",
        "12,34",
        "1,5元",
        "1,2345元",
        "1,299.00.5元",
        "第2个",
    ],
)
def test_what_is_no_amount_is_not_read(text: str, book: Phrasebook) -> None:
    assert read(text, book) is None


@given(
    amount=st.decimals(min_value=0, max_value=999_999_999, places=2),
    sign=st.sampled_from([("", ""), ("¥", ""), ("", "元"), ("$", ""), ("", " yuan"), ("退我", "块")]),
    wide=st.booleans(),
)
def test_separators_change_nothing(
    amount: Decimal, sign: tuple[str, str], wide: bool, book: Phrasebook
) -> None:
    typed = f"{sign[0]}{amount:,.2f}{sign[1]}"
    got = read(typed.replace(",", "，") if wide else typed, book)
    assert got is not None
    assert Decimal(got) == amount
