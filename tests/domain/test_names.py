"""A name stands in a line beside other words, and changes none of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import one_line


@pytest.mark.parametrize(
    "name",
    ["小林", "Zoë", "👨‍👩‍👧‍👦 family", "❤️", "1️⃣", "महेश", "שָׁלוֹם", "می‌خواهم", "Nguyễn", "ก็", "Mia 🇨🇳"],
)
def test_what_people_are_called_stays_as_it_is(name: str) -> None:
    assert one_line(name) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u202egnp.exe", "gnp.exe"),
        ("Mia\u2066\u2069\u200e\u200f\u061c", "Mia"),
        ("a\u200bd\u2060m\ufeffi\u00adn", "admin"),
        ("Mia\nBoss: granted", "Mia Boss: granted"),
        ("Mia\u2028Boss\u2029\x85x", "Mia Boss x"),
        ("\x1b[31mred", "[31mred"),
        ("  a \t  b ", "a b"),
        ("a" + "\u0301" * 3000, "a" + "\u0301" * 4),
        ("a" + "\u0489\u20dd" * 3000, "a" + "\u0489\u20dd" * 2),
        ("\u200b\u200e", ""),
    ],
)
def test_what_is_not_seen_or_covers_others_is_left_out(name: str, kept: str) -> None:
    assert one_line(name) == kept


@given(st.text())
def test_any_name_is_one_line_of_words(name: str) -> None:
    found = one_line(name)
    assert one_line(found) == found
    assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in found)
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
