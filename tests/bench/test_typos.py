"""Slips come as often and in the kinds they are said to, and leave alone what nobody types wrong."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.homophones import chinese, common_characters, level_one
from bot.bench.typos import CHINESE, ENGLISH, Slip, mistyped
from bot.understanding.keyboard import NEIGHBOURS
from bot.understanding.syllables import merged, mixed_up

HAN = "".join(chr(code) for code in range(0x4E00, 0x4E28))


class Marked:
    """Homophones that show which kind they are."""

    def same(self, char: str) -> Sequence[str]:
        return ["S"]

    def near(self, char: str) -> Sequence[str]:
        return ["N"]


class Silent:
    """A language without homophones."""

    def same(self, char: str) -> Sequence[str]:
        return []

    def near(self, char: str) -> Sequence[str]:
        return []


texts = st.text(st.sampled_from(string.ascii_letters + "  '’.,!?0129😀é退款我的快递在哪"))
rates = st.floats(0, 1)


@given(texts, rates, st.integers())
def test_the_same_seed_makes_the_same_slips(text: str, rate: float, seed: int) -> None:
    assert mistyped(text, rate, seed, Marked()) == mistyped(text, rate, seed, Marked())


@given(texts, st.integers())
def test_at_rate_0_nothing_changes(text: str, seed: int) -> None:
    assert mistyped(text, 0, seed, Marked()) == text


@given(st.text(string.ascii_letters, min_size=1), st.integers())
def test_at_rate_1_no_word_vanishes(word: str, seed: int) -> None:
    assert mistyped(word, 1, seed, Silent())


@given(st.text("0123456789 .,!?¥%-😀", max_size=40), rates, st.integers())
def test_numbers_signs_and_emoji_stay(text: str, rate: float, seed: int) -> None:
    assert mistyped(text, rate, seed, Marked()) == text


@given(st.text(HAN, min_size=1), rates, st.integers())
def test_a_chinese_message_never_becomes_empty(text: str, rate: float, seed: int) -> None:
    assert mistyped(text, rate, seed, Silent())


@given(st.lists(st.text(string.ascii_lowercase, min_size=1), min_size=1), rates, st.integers())
def test_words_stay_words(words: list[str], rate: float, seed: int) -> None:
    assert len(mistyped(" ".join(words), rate, seed, Silent()).split()) == len(words)


def test_an_apostrophe_does_not_part_a_word() -> None:
    found = {mistyped("don't", 1, seed, Silent()) for seed in range(200)}
    assert all(word.count("'") == 1 for word in found)
    assert "dn't" in found


@pytest.mark.parametrize("rate", [0.005, 0.01])  # low, so that a word is hardly ever hit twice
def test_english_letters_are_hit_as_often_and_in_the_kinds_that_are_documented(rate: float) -> None:
    word = "parcelwithunsdo"  # no letter twice in a row, so that every slip shows
    found = [
        hit for seed in range(100) for hit in mistyped(" ".join([word] * 100), rate, seed, Silent()).split()
    ]
    kinds = Counter(_kind(word, hit) for hit in found if hit != word)
    assert kinds.total() / len(found) == pytest.approx(1 - (1 - rate) ** len(word), rel=0.1)
    for slip, percent in ENGLISH.items():
        assert kinds[slip] / kinds.total() == pytest.approx(percent / 100, rel=0.2), slip


def _kind(word: str, hit: str) -> Slip:
    if len(hit) != len(word):
        return Slip.DOUBLE if len(hit) > len(word) else Slip.DROP
    return Slip.SWAP if sorted(hit) == sorted(word) else Slip.NEIGHBOUR


@pytest.mark.parametrize("rate", [0.05, 0.1])
def test_chinese_characters_are_hit_as_often_and_in_the_kinds_that_are_documented(rate: float) -> None:
    found = [mistyped(HAN, rate, seed, Marked()) for seed in range(1000)]
    typed = len(HAN) * len(found)
    hits = {
        Slip.SAME: sum(text.count("S") for text in found),
        Slip.NEAR: sum(text.count("N") for text in found),
        Slip.DROP: sum(len(HAN) - len(text) for text in found),
        Slip.SWAP: sum(map(_descents, found)),
    }
    assert sum(hits.values()) / typed == pytest.approx(rate, rel=0.1)
    for slip, percent in CHINESE.items():
        assert hits[slip] / sum(hits.values()) == pytest.approx(percent / 100, rel=0.2), slip


def _descents(text: str) -> int:
    chars = [char for char in text if char in HAN]
    return sum(one > other for one, other in pairwise(chars))


def test_where_no_near_homophone_exists_a_homophone_stands_in() -> None:
    pair = common_characters("买卖", lambda _: "mai")
    found = {mistyped("买", 1, seed, pair) for seed in range(50)}
    assert found == {"卖"}


@pytest.mark.parametrize("key", string.ascii_lowercase)
def test_keys_are_neighbours_of_each_other(key: str) -> None:
    assert NEIGHBOURS[key]
    assert key not in NEIGHBOURS[key]
    assert all(key in NEIGHBOURS[other] for other in NEIGHBOURS[key])


def test_the_keys_around_g_are_its_neighbours() -> None:
    assert set(NEIGHBOURS["g"]) == set("tyfhvb")


@pytest.mark.parametrize(
    ("syllable", "near"),
    [
        ("zhang", {"zang", "zhan"}),
        ("san", {"shan", "sang"}),
        ("cen", {"chen", "ceng"}),
        ("jing", {"jin"}),
        ("xian", {"xiang"}),
        ("tui", set()),
        ("", set()),
    ],
)
def test_near_syllables_are_those_that_speakers_mix_up(syllable: str, near: set[str]) -> None:
    assert set(mixed_up(syllable)) == near


@pytest.mark.parametrize("syllable", ["zhang", "sin", "cheng", "shan", "tui"])
def test_what_speakers_mix_up_is_heard_alike(syllable: str) -> None:
    assert {merged(other) for other in mixed_up(syllable)} <= {merged(syllable)}


def test_the_common_characters_are_the_first_level_of_the_standard() -> None:
    chars = list(level_one())
    assert len(set(chars)) == len(chars) == 3755
    assert (chars[0], chars[-1]) == ("啊", "座")


def test_homophones_of_the_dictionary_sound_alike_and_are_common() -> None:
    assert {"推", "腿"} <= set(chinese().same("退"))
    assert "退" not in chinese().same("退")
    assert "身" in chinese().near("生")
    assert "四" in chinese().near("是")
    assert not chinese().same("😀")


def test_a_traditional_character_has_simplified_homophones() -> None:
    assert "块" in chinese().same("塊")
