"""What is read out of the answers to "has it come?" and "how was it?"."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook
from tests.understanding.slots.reading import read


@pytest.mark.parametrize(
    ("text", "score", "beside"),
    [
        ("5分 很快", "5", "很快"),
        ("5", "5", ""),
        ("4/5 quite quick", "4", "quite quick"),
        ("2 - way too slow", "2", "way too slow"),
        ("非常满意", "5", ""),
        ("不满意", "2", ""),
        ("还行", "3", ""),
        ("three stars", "3", ""),
        ("not good", "2", ""),
        ("not satisfied at all with how this went", "2", "not satisfied at all with how this went"),
        ("5 out of 5", "5", ""),
        ("4 stars, fast", "4", "fast"),
        ("5分很快", "5", "很快"),
        ("等了15天", None, "等了15天"),
        ("1 or 2", None, None),
        ("2600018003", None, None),
    ],
)
def test_scores(text: str, score: str | None, beside: str | None, book: Phrasebook) -> None:
    slots = read(text, "score", book).slots
    assert slots.get("score") == score
    if beside is not None and score is not None:
        assert slots.get("beside_score", "") == beside


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("到账了", "yes"),
        ("收到了 谢谢", "yes"),
        ("还没到账啊", "no"),
        ("没有收到", "no"),
        ("钱还没到", "no"),
        ("yes got it", "yes"),
        ("it's there", "yes"),
        ("it hasn't arrived", "no"),
        ("nope nothing yet", "no"),
        ("not yet", "no"),
        ("the money never arrived", "no"),
        ("has it arrived?", None),
        ("where is the blanket", None),
        ("耳机的快递到哪了", None),
    ],
)
def test_whether_it_has_come(text: str, told: str | None, book: Phrasebook) -> None:
    assert read(text, "arrived", book).slots.get("money_came") == told


def test_a_good_word_is_no_score_where_none_is_asked(book: Phrasebook) -> None:
    assert not {"score", "money_came"} & read("great, it arrived", book=book).slots.keys()
