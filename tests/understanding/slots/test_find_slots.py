"""Any message at all: read, in little time, without a fault."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.phrasebook import Phrasebook
from tests.understanding.slots.reading import read

ASKED = ["", "amount", "order", "order_number", "phone_digits", "lines", "reason", "received", "confirm"]
GROSS = 0.02
"""Seconds no message may take, ten times what the slowest takes on a free machine: only a search that runs away does."""


@given(text=st.text(max_size=1000), asking=st.sampled_from(ASKED))
@settings(max_examples=60)
def test_no_text_is_a_fault(text: str, asking: str, book: Phrasebook) -> None:
    found = read(text, asking, book)
    assert all(found.slots.values())
    assert found.exact <= found.slots.keys()
    assert found.doubts.keys() <= found.slots.keys() - found.exact


@given(st.text(alphabet="0123456789 +-.,/()xXaA1Z$¥元块月号第折个一二十百半上周前天不没不是", max_size=120))
def test_no_jumble_of_digits_and_marks_is_a_fault(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "1-", "a ", "aA1", "一", "二十", "第", "11/", "1Z ", "+1 ", "一个", "周五", "3号", "nov 3 ", "不", "not ",
     "ﷺ", "¥1,", "1,234", "没收到", "2600 018 ", "RR 1 2 3 4 5", "phone ", "尾号", " ", "-", "1Z A"],
)  # fmt: skip
def test_the_same_thing_over_and_over_takes_no_longer(piece: str, book: Phrasebook) -> None:
    text = (piece * 1000)[:1000]
    read(text, book=book)
    started = process_time()
    read(text, book=book)
    assert process_time() - started < GROSS
