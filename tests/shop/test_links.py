"""Order links: only what we signed, unchanged and in time, proves anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.shop.links import sign, verify

KEY = "0123456789abcdef"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
NUMBERS = some.from_regex(r"\A[A-Za-z0-9-]{1,32}\Z")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@given(NUMBERS)
def test_a_link_proves_its_order_and_fits_telegram(number: str) -> None:
    payload = sign(number, KEY, LATER)
    assert len(payload) <= 64
    assert set(payload) <= set(ALPHABET)
    assert verify(payload, KEY, NOW) == number


@given(some.integers(0, 60), some.sampled_from(ALPHABET))
def test_any_change_proves_nothing(position: int, char: str) -> None:
    payload = sign("2600018001", KEY, LATER)
    position %= len(payload)
    changed = payload[:position] + char + payload[position + 1 :]
    assert verify(changed, KEY, NOW) == ("2600018001" if changed == payload else None)


@given(some.text(max_size=80))
def test_nothing_else_proves_anything(payload: str) -> None:
    assert verify(payload, KEY, NOW) is None


def test_a_shortened_or_lengthened_link_proves_nothing() -> None:
    payload = sign("2600018001", KEY, LATER)
    assert verify(payload[:-1], KEY, NOW) is None
    assert verify(payload + "1", KEY, NOW) is None


def test_a_link_ends() -> None:
    payload = sign("A-1", KEY, LATER)
    assert verify(payload, KEY, LATER - timedelta(seconds=1)) == "A-1"
    assert verify(payload, KEY, LATER) is None


def test_another_shops_key_proves_nothing() -> None:
    assert verify(sign("A-1", KEY, LATER), KEY[::-1], NOW) is None


@pytest.mark.parametrize("number", ["", "A 1", "A_1", "订单", "1" * 33])
def test_only_order_numbers_are_signed(number: str) -> None:
    with pytest.raises(ValueError, match="is not an order number"):
        sign(number, KEY, LATER)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="key of at least 16"):
        sign("A-1", "short", LATER)
