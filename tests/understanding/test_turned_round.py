"""Small words that turn a meaning round, and wishes told with words nobody taught."""

from __future__ import annotations

import pytest

from bot.domain.meaning import Meaning
from bot.understanding.marks import negative, takes_back
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def read(text: str, book: Phrasebook, asking: str = "") -> Meaning:
    return understand(text, book, Thresholds(), Context(asking=asking))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


WANTS_BACK = """
    refund the socks
    return the socks
    refund notebook
    refund my speaker
    my speaker is broken
    cancel my headphones
    it broke
    broken
    卫衣想退
    杯子想退
    耳机退了吧 不想要了
    退卫衣
    耳机有问题
    尺码不对
    not as pictured
    doesnt work
    wrong size
"""
TAKES_BACK = """
    cancel the refund for my socks
    don't refund the socks
    no refund for the socks
    我不想退卫衣了
    耳机不退了
    卫衣别退了
    取消耳机的退款
    算了不退了
    我不退了
    耳机留着吧
"""


@pytest.mark.parametrize("text", lines(WANTS_BACK))
def test_a_plain_wish_is_never_taken_for_its_reverse(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "request_refund"
    assert not takes_back(text)


@pytest.mark.parametrize("text", lines(TAKES_BACK))
def test_taking_back_is_heard(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "revoke_refund"
    assert takes_back(text)


@pytest.mark.parametrize(
    "text", ["cancel", "stop", "cancel the order, refund me", "取消订单,退款", "再不退我就投诉"]
)
def test_what_takes_nothing_back_does_not_revoke(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent != "revoke_refund"


@pytest.mark.parametrize(
    "text", ["我不同意", "不可以", "不确认", "别提交", "don't", "do not submit", "不要提交"]
)
def test_no_is_never_yes(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "deny"
    assert read(text, book).slots.get("yes_no") != "yes"


@pytest.mark.parametrize("text", ["确认", "確認", "確認提交", "没问题", "没错", "沒錯", "sounds good"])
def test_yes_is_yes(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "affirm"
    assert read(text, book).slots["yes_no"] == "yes"


@pytest.mark.parametrize("text", ["bye", "goodbye", "再见"])
def test_who_says_goodbye_agrees_to_nothing(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "thanks"
    assert "yes_no" not in read(text, book).slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("no never arrived", {"received": "no", "reason": "not_received"}),
        ("my blanket never arrived", {"received": "no", "reason": "not_received"}),
        ("yeah got em", {"received": "yes"}),
        ("got it", {"received": "yes"}),
        ("it broke", {"reason": "quality"}),
        ("doesnt work", {"reason": "quality"}),
        ("wrong size", {"reason": "changed_mind"}),
        ("尺码不对", {"reason": "changed_mind"}),
        ("小了", {"reason": "changed_mind"}),
        ("买多了", {"reason": "changed_mind"}),
        ("not as pictured", {"reason": "not_as_described"}),
    ],
)
def test_what_is_told_in_passing(text: str, slots: dict[str, str], book: Phrasebook) -> None:
    assert slots.items() <= read(text, book, "received").slots.items()


@pytest.mark.parametrize("text", ["no never arrived", "my blanket never arrived", "got it"])
def test_what_answers_the_question_is_an_answer(text: str, book: Phrasebook) -> None:
    assert "received" in read(text, book, "received").exact


def test_the_marks_part_the_taught_phrases(book: Phrasebook) -> None:
    for wording in book.wordings:
        if wording.intent == "request_refund":
            assert not takes_back(wording.text), wording
        if wording.intent == "affirm":
            assert not negative(wording.text), wording
    unmarked = [
        word.text for word in book.wordings if word.intent == "revoke_refund" and not takes_back(word.text)
    ]
    assert unmarked == ["退款我不要了"]


def test_every_taught_wording_is_its_own_intent(book: Phrasebook) -> None:
    for wording in book.wordings:
        assert read(wording.text, book).candidates[0].intent == wording.intent, wording
