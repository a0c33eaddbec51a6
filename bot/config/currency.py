"""Currencies by their ISO 4217 codes, and what people write for them."""

from __future__ import annotations

from functools import cache

from babel.numbers import list_currencies

_SLIPS = {
    "RMB": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
}


@cache
def currencies() -> frozenset[str]:
    """Every code."""
    return frozenset(list_currencies())


def meant(text: str) -> str:
    """The code somebody surely meant who wrote something else; empty when nobody can know."""
    upper = text.strip().upper()
    return _SLIPS.get(upper) or (upper if upper in currencies() else "")
