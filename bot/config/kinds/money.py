"""Currencies and amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.config.currency import currencies, meant
from bot.config.kinds.several import Many
from bot.config.kinds.text import quoted
from bot.domain.authority import Amounts
from bot.domain.money import Money
from bot.errors import MoneyError


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its code."""

    allowed: str = "codes such as CNY, USD or EUR"

    def read(self, text: str) -> str:
        if text not in currencies():
            mend = f"; write {meant(text)}" if meant(text) else ""
            raise ValueError(f"is not an ISO 4217 code{mend}")
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money."""

    allowed: str = "amounts with their currency, such as 20 CNY"

    def read(self, text: str) -> Money:
        number, _, currency = text.partition(" ")
        Currency().read(currency)
        try:
            money = Money.of(number, currency)
        except MoneyError as error:
            raise ValueError(f"is not an amount: {error}") from None
        if money.minor < 0:
            raise ValueError("is below nothing")
        return money

    def write(self, value: Money) -> str:
        return str(value)


def _amounts(found: Iterable[Money]) -> Amounts:
    by_currency: dict[str, Money] = {}
    for money in found:
        if money.currency in by_currency:
            raise ValueError(f"names {money.currency} twice")
        by_currency[money.currency] = money
    return Amounts(by_currency)


SUMS = Many(Sum(), _amounts)
"""Amounts, at most one a currency."""
