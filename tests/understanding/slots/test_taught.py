"""Taught words, and the small words that deny them."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile
from tests.understanding.slots.reading import read

ZH = PhraseFile(
    "zh",
    "request_refund",
    (),
    {
        "reason": {"quality": ("质量问题", "坏了"), "changed_mind": ("尺码不对",), "wrong_item": ("发错货",)},
        "received": {"yes": ("收到了", "收到货", "收到"), "no": ("没收到",)},
        "cancel": {"yes": ("取消吧",), "no": ("别取消",)},
    },
)
EN = PhraseFile(
    "en",
    "request_refund",
    (),
    {
        "reason": {"quality": ("broken", "doesn't work")},
        "received": {"yes": ("received it", "got it"), "no": ("never arrived", "haven't received it")},
        "evidence": {"later": ("later",)},
    },
)


@pytest.fixture(scope="module")
def taught() -> Phrasebook:
    return compile_phrasebook([ZH, EN])


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("收到了", "received", "yes"),
        ("没收到", "received", "no"),
        ("还没有收到货呢", "received", "no"),
        ("我没有真的收到", "received", "no"),
        ("haven't received it", "received", "no"),
        ("I haven't actually received it", "received", "no"),
        ("I received it", "received", "yes"),
        ("no never arrived", "received", "no"),
        ("质量问题", "reason", "quality"),
        ("不是质量问题", "reason", None),
        ("不是质量问题,是尺码不对", "reason", "changed_mind"),
        ("是不是发错货了", "reason", "wrong_item"),
        ("这不是坏了吗", "reason", "quality"),
        ("没几天就坏了", "reason", "quality"),
        ("没坏了", "reason", None),
        ("it is not broken", "reason", None),
        ("it is broken, not what I hoped", "reason", "quality"),
        ("要不取消吧", "cancel", "yes"),
        ("let me send it later", "evidence", "later"),
    ],
)
def test_a_denied_word_does_not_count(text: str, slot: str, value: str | None, taught: Phrasebook) -> None:
    assert read(text, book=taught).slots.get(slot) == value


def test_a_mistyped_word_counts_but_never_for_its_reverse(taught: Phrasebook) -> None:
    assert read("recieved it", book=taught).slots["received"] == "yes"
    assert "reason" not in read("不是质量问题", book=taught).slots
