"""How many."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("两件", "2"),
        ("退3个", "3"),
        ("一双", "1"),
        ("十二条", "12"),
        ("俩都要", "2"),
        ("x2", "2"),
        ("×3", "3"),
        ("2x", "2"),
        ("two of them", "2"),
        ("a couple of items", "2"),
        ("3 pairs", "3"),
        ("qty: 4", "4"),
    ],
)
def test_goods_are_counted(text: str, count: str) -> None:
    assert slot("quantity", text) == count


@pytest.mark.parametrize(
    "text",
    [
        "第二个",
        "那一个",
        "倒数第二个",
        "一个问题",
        "三个月",
        "两个工作日",
        "一部分",
        "一个包裹",
        "三张照片",
        "2XL",
        "two days ago",
        "0件",
        "20块",
        "2600018003",
        "两三件",
    ],
)
def test_what_counts_no_goods(text: str) -> None:
    assert slot("quantity", text) is None
