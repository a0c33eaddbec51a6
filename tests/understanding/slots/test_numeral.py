"""Numbers in words: one number, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.slots.numeral import han_number

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """As it is taught at school, 一百零五."""
    text, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
        gap = not digit
    return text or "零"


@given(st.integers(0, 9999))
def test_every_number_is_read_as_it_is_written(number: int) -> None:
    assert han_number(written(number)) == number


@pytest.mark.parametrize(("text", "number"), [("十五", 15), ("一百二", 120), ("两千五", 2500), ("百五", 150)])
def test_short_for(text: str, number: int) -> None:
    assert han_number(text) == number


@pytest.mark.parametrize("text", ["两三百", "七八十", "二零", "一百两百", "十百", "零零", "三四"])
def test_about_so_many_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="no one number"):
        han_number(text)
