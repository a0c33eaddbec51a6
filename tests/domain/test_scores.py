"""What is read out of the answers to "has it come?" and "how was it?"."""

from __future__ import annotations

import pytest

from bot.flows.scores import beside_score, has_come, score_in


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
        ("等了15天", None, "等了15天"),
        ("1 or 2", None, None),
        ("2600018003", None, None),
    ],
)
def test_scores(text: str, score: str | None, beside: str | None) -> None:
    assert score_in(text) == score
    if beside is not None and score is not None:
        assert beside_score(text) == beside


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
        ("where is the blanket", None),
        ("耳机的快递到哪了", None),
    ],
)
def test_whether_it_has_come(text: str, told: str | None) -> None:
    assert has_come(text) == told
