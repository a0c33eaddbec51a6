"""The formulas against brute force, by hand, and against what everybody uses."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bench.scores import accuracy, auroc, caught_at, macro_f1, percentile

few_values = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
scores = st.lists(few_values | st.floats(0, 1), min_size=1, max_size=30)


@given(scores, scores)
def test_auroc_is_the_share_of_pairs_in_the_right_order_and_half_of_the_ties(
    inside: list[float], outside: list[float]
) -> None:
    pairs = [(mine > other) + 0.5 * (mine == other) for mine, other in product(inside, outside)]
    assert auroc(inside, outside) == pytest.approx(sum(pairs) / len(pairs))


@given(scores, scores)
def test_auroc_of_the_reverse_is_the_rest(inside: list[float], outside: list[float]) -> None:
    assert auroc(inside, outside) + auroc(outside, inside) == pytest.approx(1)


def test_caught_at_95_by_hand() -> None:
    inside = [0.2, *(0.5 + number / 100 for number in range(19))]  # 19 of 20 reach 0.5; the 0.2 may fail
    assert caught_at(inside, [0.1, 0.2, 0.49, 0.5, 0.8]) == 3 / 5


def test_no_in_scope_message_may_fail_where_there_are_fewer_than_twenty() -> None:
    assert caught_at([0.3, 0.9, 0.9], [0.2, 0.3, 0.4]) == 1 / 3


@given(scores, scores)
def test_the_threshold_lets_95_percent_pass_and_catches_all_that_one_may(
    inside: list[float], outside: list[float]
) -> None:
    allowed = [limit for limit in inside if sum(score >= limit for score in inside) >= 0.95 * len(inside)]
    caught = [sum(score < limit for score in outside) / len(outside) for limit in allowed]
    assert caught_at(inside, outside) == max(caught)


def test_a_message_without_a_guess_counts_as_wrong() -> None:
    assert accuracy(["a", "b", "b", "c"], ["a", "b", None, "a"]) == 0.5


def test_macro_f1_by_hand() -> None:
    truth, said = ["a", "a", "b", "c"], ["a", "b", "b", "d"]
    assert macro_f1(truth, said) == pytest.approx((2 / 3 + 2 / 3 + 0 + 0) / 4)


@settings(deadline=None)  # the import takes its time
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcde")), min_size=1))
def test_macro_f1_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    from sklearn.metrics import f1_score  # noqa: PLC0415 -- takes a second, in each process that collects

    truth, said = (list(column) for column in zip(*pairs, strict=True))
    assert macro_f1(truth, said) == pytest.approx(f1_score(truth, said, average="macro", zero_division=0))


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], percent) == value


def test_the_p99_of_a_few_is_the_slowest() -> None:
    assert percentile([1.0, 3.0, 2.0], 99) == 3.0
