"""Amounts and currencies, read to the last digit or not at all; what looks like an amount and is none stands here as well."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.slots.amount import leading_amount
from tests.understanding.slots.reading import read, slot


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("20块", "20", "CNY"),
        ("二十块五", "20.5", "CNY"),
        ("20块5", "20.5", "CNY"),
        ("一百零五元", "105", "CNY"),
        ("¥20", "20", "CNY"),
        ("20 bucks", "20", "USD"),
        ("€5", "5", "EUR"),
        ("give me back 5 pounds", "5", "GBP"),
        ("$1,299.00", "1299.00", "USD"),
        ("HK$300", "300", "HKD"),
        ("20美元", "20", "USD"),
        ("20.5元", "20.5", "CNY"),
        ("两块手表的20块", "20", "CNY"),
    ],
)
def test_an_amount_is_read_with_its_currency(text: str, amount: str, currency: str) -> None:
    found = read(text).slots
    assert (found.get("amount"), found.get("currency")) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("退一半", "half"),
        ("half", "half"),
        ("half please", "half"),
        ("½", "half"),
        ("全部", "all"),
        ("全额退款", "all"),
    ],
)
def test_all_and_half_are_amounts(text: str, amount: str) -> None:
    assert slot("amount", text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "half of it is missing",
        "少了一半",
        "一半没收到",
        "half an hour",
        "一块退",
        "一块儿退了吧",
        "两块手表",
        "20到30块",
        "20-30元",
        "-5元",
        "退我两三百块",
        "七八十块",
        "退我二零块",
        "一百两百块都行",
    ],
)
def test_what_is_no_amount_of_money(text: str) -> None:
    assert slot("amount", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "三百多",
        "300多",
        "3个",
        "两件",
        "x2",
        "11/3",
        "3号",
        "11月3号",
        "2026-11-03",
        "2600018003",
        "42码",
        "13800138000",
        "两三百",
        "七八十吧",
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
def test_what_is_no_answer_to_how_much(text: str) -> None:
    assert slot("amount", text, "amount") is None


def test_an_amount_beside_an_order_number_is_read() -> None:
    found = read("2600018003 退20", "amount").slots
    assert (found["order_number"], found["amount"]) == ("2600018003", "20")


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
        ("一千零五十", "1050"),
    ],
)
def test_the_answer_to_how_much_is_read_whole(text: str, amount: str) -> None:
    got = slot("amount", text, "amount")
    assert got is not None
    assert Decimal(got) == Decimal(amount)


@given(
    amount=st.decimals(min_value=0, max_value=999_999_999, places=2),
    sign=st.sampled_from([("", ""), ("¥", ""), ("", "元"), ("$", ""), ("", " yuan"), ("退我", "块")]),
    wide=st.booleans(),
)
def test_separators_change_nothing(amount: Decimal, sign: tuple[str, str], wide: bool) -> None:
    typed = f"{sign[0]}{amount:,.2f}{sign[1]}"
    got = slot("amount", typed.replace(",", "，") if wide else typed, "amount")
    assert got is not None
    assert Decimal(got) == amount


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("20", ("20", "")),
        ("¥20.50 for the scratch", ("20.50", "for the scratch")),
        ("20元 划痕", ("20", "划痕")),
        ("20 for the scratch", ("20", "for the scratch")),
        ("1,200 CNY sorry", ("1200", "sorry")),
        ("€20", ("20", "")),
        ("twenty", None),
        ("20for", None),
        ("about 20", None),
    ],
)
def test_an_amount_that_begins_a_line(text: str, told: tuple[str, str] | None) -> None:
    assert leading_amount(text) == told
