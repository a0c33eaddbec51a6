"""The table of words that add up: what is meant alike is near, however it is put."""

from __future__ import annotations

import numpy as np
import pytest

from bot.lexicon import load_lexicon
from bot.understanding.gist import Gist


@pytest.fixture(scope="module")
def gist() -> Gist:
    vectors = load_lexicon().gist
    assert vectors is not None
    return Gist(vectors, 1.0, np.zeros(vectors.size, np.float32))


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("how long does delivery take", "when will my order arrive", "how long is the movie"),
        ("it is too small", "the size does not fit", "it is too expensive"),
        ("cancel my order", "i do not want the purchase anymore", "sing my song"),
    ],
)
def test_what_is_meant_alike_is_nearer_than_what_shares_the_small_words(
    text: str, near: str, far: str, gist: Gist
) -> None:
    said, alike, other = (gist.of(each.split()) for each in (text, near, far))
    assert said @ alike > said @ other


def test_a_text_is_as_long_as_told_and_one_that_is_no_english_is_nothing(gist: Gist) -> None:
    assert np.linalg.norm(gist.of(["refund", "please"])) == pytest.approx(1.0, abs=1e-3)
    assert not gist.of(["退款", "😀"]).any()
    assert not gist.of([]).any()


def test_a_word_is_the_mean_of_its_pieces(gist: Gist) -> None:
    vectors = gist.vectors
    rows = vectors.rows_of("unrefundable")
    assert len(rows) > 1
    assert vectors.steps is not None
    pieces = vectors.steps[rows][:, None] * vectors.rows[rows].astype(np.float32)
    assert vectors.of("unrefundable") == pytest.approx(pieces.mean(axis=0), abs=1e-5)
