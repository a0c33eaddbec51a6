"""Money: an integer of minor units and a currency, never a float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.errors import MoneyError

# ISO 4217: the currencies that have not two decimal places.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)

_PLAIN = re.compile(r"[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})")
"""Digits and a point: no exponents, no words such as NaN, nothing longer than any database counts."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency."""

    minor: int
    """Whole minor units: fen, cents."""
    currency: str
    """ISO 4217 code."""

    @classmethod
    def of(cls, text: str, currency: str) -> Money:
        """Read a plain decimal such as ``59.90``; MoneyError when it is none or has too many places."""
        exponent = exponent_of(currency)
        plain = text.strip()
        if not _PLAIN.fullmatch(plain):
            raise MoneyError(f"{plain[:40]!r} is not an amount; write it like 59.90")
        scaled = Decimal(plain).scaleb(exponent)
        if scaled != scaled.to_integral_value():
            raise MoneyError(f"{text!r} has more decimals than {currency} has ({exponent})")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-exponent_of(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} can't be mixed")
        return other.minor


def exponent_of(currency: str) -> int:
    """Decimal places of a currency (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of that currency when there is nothing to add."""
    result = Money(0, currency)
    for amount in amounts:
        result = result + amount
    return result
