"""Every contender learns from examples and ranks intents, best first, with confidences from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.bench.bm25 import tokens
from bot.bench.contenders import FLOOR, OURS, PEERS, Contender, PackageMissing, require
from bot.bench.dataset import Example
from bot.bench.matchers import Matcher, our_sureness, ours
from bot.domain.meaning import Sureness
from tests.bench.conftest import TEST, TRAIN

each = pytest.mark.parametrize("contender", [OURS, *PEERS], ids=lambda contender: contender.name)
CHINESE = (
    ("我要退款", "refund"),
    ("把钱退给我", "refund"),
    ("快递到哪了", "track"),
    ("包裹什么时候到", "track"),
)


def taught(contender: Contender, examples: Sequence[Example]) -> Matcher:
    return contender.teach()(examples)


@each
def test_a_taught_phrase_is_recognised(contender: Contender) -> None:
    matcher = taught(contender, TRAIN)
    assert [matcher.rank(text)[0][0] for text, _ in TRAIN] == [label for _, label in TRAIN]


@each
def test_chinese_is_recognised(contender: Contender) -> None:
    matcher = taught(contender, CHINESE)
    assert matcher.rank("快递到哪里了")[0][0] == "track"
    assert matcher.rank("我想退款")[0][0] == "refund"


@each
@pytest.mark.parametrize("text", [text for text, _ in TEST] + ["", "?!", "😀", "我要退款", "x" * 500])
def test_rankings_are_best_first_and_name_an_intent_once(contender: Contender, text: str) -> None:
    ranking = taught(contender, TRAIN).rank(text)
    confidences = [confidence for _, confidence in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len({intent for intent, _ in ranking}) == len(ranking)
    assert {intent for intent, _ in ranking} <= {label for _, label in TRAIN}


def test_brackets_in_a_benchmarks_texts_are_no_templates() -> None:
    matcher = ours([("cancel {{Order Number}} [now", "cancel"), ("track (it|", "track")])
    assert matcher.rank("track (it|")[0][0] == "track"
    assert matcher.rank("cancel {{Order Number}} [now")[0][0] == "cancel"


def test_a_phrase_of_signs_alone_teaches_nothing_and_breaks_nothing() -> None:
    assert ours([("?!", "a"), ("hello there", "b")]).rank("hello there")[0][0] == "b"


def test_what_the_bot_would_do_follows_from_the_shipped_thresholds() -> None:
    assert our_sureness([("refund", 0.99), ("track", 0.1)]) is Sureness.ACT
    assert our_sureness([("refund", 0.01)]) is Sureness.UNKNOWN
    assert our_sureness([]) is Sureness.UNKNOWN


def test_of_words_shared_the_rare_one_counts_more() -> None:
    matcher = PEERS[3].teach()([("my parcel", "a"), ("my refund", "b"), ("my dear", "c"), ("my word", "d")])
    assert matcher.rank("my refund")[0][0] == "b"
    assert matcher.rank("nothing of it") == []


def test_bm25_reads_words_and_chinese_characters_with_their_pairs() -> None:
    assert tokens("Where's 快递 iPhone17?") == ["where", "s", "快", "递", "快递", "iphone17"]


def test_the_floor_is_the_plain_likeness_of_the_nearest_phrase() -> None:
    assert FLOOR.teach()([("abcd", "a"), ("wxyz", "b")]).rank("ABCD!") == [("a", 1.0), ("b", 0.0)]


def test_a_missing_package_is_told_with_what_to_install() -> None:
    with pytest.raises(PackageMissing, match=r"--peers needs .* pip install 'shouhou\[bench\]'"):
        require(["", "no_such_package"], "--peers")
