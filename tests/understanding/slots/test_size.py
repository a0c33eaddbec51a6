"""Sizes."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import read, slot


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("size M please", "M"),
        ("尺码是L", "L"),
        ("XXL", "XXL"),
        ("2xl", "XXL"),
        ("3XL的", "XXXL"),
        ("加大", "XL"),
        ("加加大码", "XXL"),
        ("大号", "L"),
        ("均码", "one"),
        ("42码", "42"),
        ("38.5码", "38.5"),
        ("42号", "42"),
        ("EU 42", "42"),
        ("US 9", "US 9"),
        ("size large", "L"),
        ("medium size", "M"),
    ],
)
def test_a_size_has_one_way_of_writing(text: str, size: str) -> None:
    assert slot("size", text) == size


@pytest.mark.parametrize(
    "text", ["wrong size", "too large", "尺码大了", "太大了", "M", "42", "I'm", "EUR 42", "let us 2 know"]
)
def test_no_size_is_said(text: str) -> None:
    assert slot("size", text) is None


def test_a_bare_size_is_one_where_a_line_has_it() -> None:
    lines = ("跑鞋 白色 42码", "T-shirt M")
    assert read("42的那双", lines=lines).slots["size"] == "42"
    assert read("the M one", lines=lines).slots["size"] == "M"
    assert "size" not in read("43的那双", lines=lines).slots
    assert "size" not in read("42", "amount", lines=lines).slots


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("卫衣尺码不对 换L", "L"),
        ("换成42", "42"),
        ("swap the socks for a large please", "L"),
        ("exchange for XL", "XL"),
        ("换 20 块", None),
        ("换2个", None),
        ("change the amount to 50", None),
    ],
)
def test_what_goods_are_changed_into_is_a_size(text: str, size: str | None) -> None:
    assert slot("size", text) == size
