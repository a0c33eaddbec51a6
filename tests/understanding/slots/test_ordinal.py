"""Places in a row."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("第二个", "2"),
        ("the third one", "3"),
        ("最后一个", "-1"),
        ("the last one", "-1"),
        ("the latter", "-1"),
        ("the former", "1"),
        ("倒数第二个", "-2"),
        ("倒数第一个", "-1"),
        ("second last", "-2"),
        ("the second to last", "-2"),
        ("last but one", "-2"),
    ],
)
def test_a_place_is_counted_from_its_end(text: str, place: str) -> None:
    assert slot("ordinal", text) == place


@pytest.mark.parametrize(
    "text",
    [
        "wait a second",
        "second hand",
        "at last",
        "last week",
        "last Friday",
        "at first",
        "first of all",
        "第二天",
        "第一次",
        "第三方",
    ],
)
def test_what_is_no_place(text: str) -> None:
    assert slot("ordinal", text) is None


@pytest.mark.parametrize("asking", ["order", "lines", "case", "reason"])
@pytest.mark.parametrize("text", ["2", "２", "②", "2️⃣", "二", "2.", "选2", "number 2", "#2"])
def test_a_bare_digit_is_a_place_where_places_are_asked_for(text: str, asking: str) -> None:
    assert slot("ordinal", text, asking) == "2"
    assert slot("ordinal", text) is None


@pytest.mark.parametrize("text", ["0", "12", "2 3"])
def test_other_digits_are_no_place(text: str) -> None:
    assert slot("ordinal", text, "lines") is None


@pytest.mark.parametrize(
    ("text", "asking", "age"),
    [
        ("the newest one obv", "order", "newest"),
        ("最近下单的那个", "order", "newest"),
        ("最早那个", "order", "oldest"),
        ("track my latest order", "", "newest"),
        ("退我最近买的那个订单", "", "newest"),
        ("the newest one obv", "", None),
        ("最近一直没收到", "", None),
        ("最新物流是什么", "order", None),
        ("any latest news", "order", None),
    ],
)
def test_an_order_may_be_told_by_its_age(text: str, asking: str, age: str | None) -> None:
    assert slot("age", text, asking) == age
