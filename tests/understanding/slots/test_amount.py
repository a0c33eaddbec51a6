"""Amounts and currencies; what looks like an amount and is none stands here as well."""

from __future__ import annotations

import pytest

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
    ],
)
def test_other_numbers_do_not_answer_how_much(text: str) -> None:
    assert slot("amount", text, "amount") is None


def test_an_amount_beside_an_order_number_is_read() -> None:
    found = read("2600018003 退20", "amount").slots
    assert (found["order_number"], found["amount"]) == ("2600018003", "20")
