"""Money is whole minor units of one currency, and nothing else is money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money, exponent_of, total
from bot.errors import MoneyError

CURRENCIES = st.sampled_from(["CNY", "USD", "EUR", "JPY", "KRW", "KWD", "TWD", "CLP", "TND"])
AMOUNTS = st.integers(-(10**13), 10**13)


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(f"{money.decimal:f}", currency) == money
    assert str(money) == f"{money.decimal} {currency}"


@given(st.lists(AMOUNTS), CURRENCIES)
def test_a_sum_loses_nothing(minors: list[int], currency: str) -> None:
    assert total((Money(minor, currency) for minor in minors), currency) == Money(sum(minors), currency)


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_taking_away_undoes_adding_and_order_is_that_of_the_numbers(
    one: int, two: int, currency: str
) -> None:
    a, b = Money(one, currency), Money(two, currency)
    assert a + b - b == a
    assert (a < b, a <= b, a > b, a >= b) == (one < two, one <= two, one > two, one >= two)
    assert bool(a) is (one != 0)


@given(AMOUNTS, AMOUNTS)
def test_currencies_are_never_mixed(one: int, two: int) -> None:
    yuan, dollar = Money(one, "CNY"), Money(two, "USD")
    assert yuan != dollar
    for mix in (
        lambda: yuan + dollar,
        lambda: yuan - dollar,
        lambda: yuan < dollar,
        lambda: yuan <= dollar,
        lambda: yuan > dollar,
        lambda: yuan >= dollar,
        lambda: total([yuan, dollar], "CNY"),
    ):
        with pytest.raises(MoneyError, match="mixed"):
            mix()


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("59.90", "CNY", 5_990),
        ("59.9", "CNY", 5_990),
        ("59.900", "CNY", 5_990),
        (" 7 ", "CNY", 700),
        (".5", "CNY", 50),
        ("-3.20", "CNY", -320),
        ("1200", "JPY", 1_200),
        ("1.250", "KWD", 1_250),
        ("999999999999999", "JPY", 999_999_999_999_999),
    ],
)
def test_plain_decimals_are_read(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "5,90",
        "1.2.3",
        "1e5",
        "1e999999",
        "-1e999999",
        "NaN",
        "sNaN",
        "Infinity",
        "1_000",
        "9" * 16,
        "--1",
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match=r"59\.90"):
        Money.of(text, "CNY")


@pytest.mark.parametrize(("text", "currency"), [("0.001", "CNY"), ("1.5", "JPY"), ("1.0001", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError, match="more decimals"):
        Money.of(text, currency)


@given(st.text(max_size=40), CURRENCIES)
def test_any_text_is_an_amount_or_a_clear_refusal(text: str, currency: str) -> None:
    try:
        money = Money.of(text, currency)
    except MoneyError:
        return
    assert money.decimal == Decimal(text.strip())


@pytest.mark.parametrize(("currency", "places"), [("CNY", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("IQD", 3)])
def test_each_currency_has_its_own_decimal_places(currency: str, places: int) -> None:
    assert exponent_of(currency) == places
