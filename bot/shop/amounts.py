"""Amounts as shops and spreadsheets write them: ``59.9``, ``1,299.00``, ``¥59.9``, ``19.9元``, ``USD 32.00``."""

from __future__ import annotations

import re

from bot.config.currency import currencies
from bot.domain.money import Money, exponent_of
from bot.errors import MoneyError

_WRITTEN = re.compile(
    r"(?P<front>[^\d\s.,+-]{0,6})\s{0,3}(?P<number>[0-9][0-9.,]*)\s{0,3}(?P<back>[^\d\s.,+-]{0,6})"
)
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3}){1,3}(\.[0-9]{1,4})?")
_COMMA_AS_POINT = re.compile(r"([0-9]{1,3}(?:\.?[0-9]{3}){0,3}),([0-9]{1,2})")

_DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"})
_YUAN = frozenset({"CNY", "JPY"})
_MARKS: dict[str, frozenset[str]] = {
    "¥": _YUAN,
    "￥": _YUAN,
    "CN¥": frozenset({"CNY"}),
    "RMB": frozenset({"CNY"}),
    "人民币": frozenset({"CNY"}),
    "元": frozenset({"CNY", "HKD", "TWD"}),
    "美元": frozenset({"USD"}),
    "欧元": frozenset({"EUR"}),
    "港元": frozenset({"HKD"}),
    "日元": frozenset({"JPY"}),
    "円": frozenset({"JPY"}),
    "$": _DOLLARS,
    "＄": _DOLLARS,
    "US$": frozenset({"USD"}),
    "HK$": frozenset({"HKD"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "￡": frozenset({"GBP"}),
    "₩": frozenset({"KRW"}),
    "₽": frozenset({"RUB"}),
    "₹": frozenset({"INR"}),
    "฿": frozenset({"THB"}),
    "₫": frozenset({"VND"}),
}
"""What stands before or behind a number, and the currencies it may mean; a currency's code means that one."""


class AmountTrouble(Exception):
    """What stands there is no amount of that currency, or nobody can tell which; `mend` says how to write it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


def read_amount(text: str, currency: str) -> Money:
    """The amount, exact to the minor unit."""
    number = _plain(_without_marks(text, currency), currency)
    try:
        return Money.of(number, currency)
    except MoneyError:
        raise AmountTrouble(f"has more decimals than {currency} has", "round it as it was paid") from None


def _without_marks(text: str, currency: str) -> str:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise _no_amount()
    for mark in filter(None, (found["front"], found["back"])):
        meant = _meant(mark)
        if not meant:
            raise _no_amount()
        if currency not in meant:
            mend = "correct the column currency, or the sign"
            raise AmountTrouble(f"is marked {mark}, but the order is in {currency}", mend)
    return found["number"]


def _meant(mark: str) -> frozenset[str]:
    upper = mark.upper()
    return _MARKS.get(upper, frozenset({upper} & currencies()))


def _plain(number: str, currency: str) -> str:
    if _PLAIN.fullmatch(number):
        return number
    if _GROUPED.fullmatch(number):
        plain = number.replace(",", "")
        if "." not in plain and number.count(",") == 1 and exponent_of(currency) == 3:
            point = number.replace(",", ".")
            raise AmountTrouble(f"may be {plain} or {point}", "write it without the comma")
        return plain
    if found := _COMMA_AS_POINT.fullmatch(number):
        meant = f"{found[1].replace('.', '')}.{found[2]}"
        raise AmountTrouble("is not an amount", f"write {meant} if the comma parts the decimals")
    raise _no_amount()


def _no_amount() -> AmountTrouble:
    return AmountTrouble("is not an amount", "write it like 59.90 or 1,299.00, without a minus")
