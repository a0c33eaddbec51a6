"""A seed draws the same phrases on every machine and from every order of rows."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.bench.sample import few, part

ROWS = tuple((f"{label} {number}", label) for label in ("b", "a", "c") for number in range(20))
rows = st.permutations(ROWS)
seeds = st.integers(0, 2**32)


@given(rows, seeds)
def test_the_order_of_the_rows_does_not_matter(shuffled: list[tuple[str, str]], seed: int) -> None:
    assert few(shuffled, 5, seed) == few(ROWS, 5, seed)


def test_the_draw_is_the_documented_one() -> None:
    chance = random.Random(7)
    texts = {label: sorted(text for text, its in ROWS if its == label) for label in "abc"}
    drawn = [(text, label) for label in "abc" for text in chance.sample(texts[label], 5)]
    assert list(few(ROWS, 5, 7)) == drawn


@given(st.integers(1, 30), seeds)
def test_each_intent_has_k_different_phrases_or_all_there_are(k: int, seed: int) -> None:
    drawn = few(ROWS, k, seed)
    assert set(drawn) <= set(ROWS)
    assert len(set(drawn)) == len(drawn)
    assert Counter(label for _, label in drawn) == dict.fromkeys("abc", min(k, 20))


def test_another_seed_draws_other_phrases() -> None:
    assert few(ROWS, 5, 0) != few(ROWS, 5, 1)


def test_a_limit_draws_from_the_whole_file_and_the_same_again() -> None:
    drawn = part(ROWS, 30, 0)
    assert len(set(drawn)) == 30
    assert {label for _, label in drawn} == {"a", "b", "c"}
    assert drawn == part(ROWS, 30, 0)


def test_without_a_limit_or_below_it_every_message_is_asked() -> None:
    assert part(ROWS, None, 0) == part(ROWS, 60, 0) == ROWS
