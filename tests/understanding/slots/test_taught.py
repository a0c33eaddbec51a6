"""Taught words, and the small words that deny them."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile
from bot.understanding.slots import Context, find_slots
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


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("昨天还没收到，今天收到了", "yes"),
        ("收到了，哦不，没收到", "no"),
        ("显示签收了但是我没收到", "no"),
        ("我没收到，但是显示收到了", "no"),
        ("it says received it but never arrived", "no"),
        ("不是没收到", None),
    ],
)
def test_of_what_came_and_what_did_not_the_last_that_the_buyer_found_counts(
    text: str, received: str | None, taught: Phrasebook
) -> None:
    assert read(text, book=taught).slots.get("received") == received


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("我还没收到退款", None),
        ("退款怎么还没收到", None),
        ("没收到,退款", "no"),
        ("没收到 退款", "no"),
        ("收到货了退款吧", "yes"),
        ("退款,没收到", "no"),
        ("haven't received it refund me", "no"),
    ],
)
def test_money_that_came_or_did_not_says_nothing_of_the_goods(
    text: str, received: str | None, taught: Phrasebook
) -> None:
    assert read(text, book=taught).slots.get("received") == received


def test_a_refund_that_did_not_come_is_no_reason_for_one(book: Phrasebook) -> None:
    assert "reason" not in read("i have not received my refund", book=book).slots
    assert read("i have not received my parcel", book=book).slots["reason"] == "not_received"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("不是坏了，是用两天坏了", "quality"),
        ("坏了，不是坏了一点", "quality"),
        ("质量问题倒不是质量问题", "quality"),
    ],
)
def test_one_denied_place_does_not_silence_another(text: str, reason: str, taught: Phrasebook) -> None:
    assert read(text, book=taught).slots.get("reason") == reason


def test_a_mistyped_word_counts_but_never_for_its_reverse(taught: Phrasebook) -> None:
    assert read("recieved it", book=taught).slots["received"] == "yes"
    assert "reason" not in read("不是质量问题", book=taught).slots


@pytest.mark.parametrize("text", ["has it arrived", "did it come", "has my parcel arrived yet?"])
def test_who_asks_whether_it_came_has_not_got_it(text: str, book: Phrasebook) -> None:
    assert "yes" not in {read(text, book=book).slots.get(told) for told in ("received", "came")}


@pytest.mark.parametrize(
    "text",
    [
        "my blanket arrived",
        "it just arrived",
        "the parcel came, all good now, thanks",
        "耳机到了",
        "到了 没问题",
        "快递收到了,谢谢",
    ],
)
def test_an_arrival_is_all_that_is_said_beside_what_came_and_small_talk(text: str, book: Phrasebook) -> None:
    context = Context(lines=("Merino throw blanket, charcoal", "无线降噪耳机 Pro"))
    assert find_slots(text, book, context).exact & {"came", "received"}


@pytest.mark.parametrize(
    "text",
    [
        "my parcel arrived wet",
        "my blanket arrived late",
        "has my blanket arrived",
        "快递到哪了",
        "耳机到了 没声音",
        "耳机到了吗",
    ],
)
def test_an_arrival_with_anything_more_is_no_news_by_itself(text: str, book: Phrasebook) -> None:
    context = Context(lines=("Merino throw blanket, charcoal", "无线降噪耳机 Pro"))
    assert not find_slots(text, book, context).exact & {"came", "received"}
