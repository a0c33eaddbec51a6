"""What is looked up by pairs of letters is just what comparing with every word would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from bot.understanding.alike import PERCENT, Alike

texts = st.text("abc 退款", max_size=12)


@given(st.lists(texts, max_size=30), texts)
def test_nothing_that_is_like_enough_is_missed(words: list[str], text: str) -> None:
    every = process.extract(text, words, scorer=fuzz.ratio, score_cutoff=PERCENT, limit=None)
    assert Alike(words).to(text) == sorted((place, likeness) for _, likeness, place in every)


@given(texts.filter(lambda text: len(text) > 3), st.integers(0, 11), st.sampled_from("abx好"))
def test_a_word_with_a_slip_is_found_again(word: str, at: int, slip: str) -> None:
    slipped = word[: at % len(word)] + slip + word[at % len(word) :]
    alike = fuzz.ratio(word, slipped) >= PERCENT
    assert Alike(("something else", word)).most(slipped) == (1 if alike else None)


def test_of_several_alike_the_first_counts() -> None:
    assert Alike(("refunds", "refundz", "refund")).most("refund") == 2
    assert Alike(("refunds", "refundz")).most("refund") == 0
