"""The same phrases and messages for all, every figure from one trial, everything repeatable."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot.bench.contenders import FLOOR, OURS, Contender
from bot.bench.contest import Setting, compare, draw, figures
from bot.bench.dataset import Example
from bot.bench.figures import FIGURES
from bot.bench.homophones import common_characters
from bot.bench.matchers import Matcher, Ranking
from bot.bench.memory import peak_memory
from bot.bench.trial import Trial, hold
from tests.bench.conftest import OUTSIDE, TEST, TRAIN

NONE = common_characters((), str)
SETTING = Setting((OURS, FLOOR), TRAIN, TEST, tuple(text for (text,) in OUTSIDE), k=2, seeds=(0, 1))


def test_what_is_learned_has_no_typos_and_what_is_asked_has() -> None:
    clean, typed = draw(SETTING, 0, NONE), draw(replace(SETTING, typos=1.0), 0, NONE)
    assert typed.phrases == clean.phrases
    assert typed.labels == clean.labels
    assert all(one != other for one, other in zip(typed.texts, clean.texts, strict=True))
    assert all(one != other for one, other in zip(typed.outside, clean.outside, strict=True))


def test_a_limit_holds_for_each_file() -> None:
    drawn = draw(replace(SETTING, limit=2), 0, NONE)
    assert len(drawn.texts) == len(drawn.labels) == len(drawn.outside) == 2
    assert set(zip(drawn.texts, drawn.labels, strict=True)) <= set(TEST)


def test_figures_by_hand() -> None:
    drawn = replace(draw(SETTING, 0, NONE), labels=("a", "b", "b"), texts=("1", "2", "3"), outside=("4", "5"))
    rankings: tuple[Ranking, ...] = ((("a", 0.9),), (("b", 0.7),), (("a", 0.2),), (("a", 0.1),), ())
    found = figures(OURS, drawn, Trial(rankings, (0.001, 0.002, 0.003, 0.004, 0.005), 1.5, None, 40.0))
    assert found == {
        "accuracy": pytest.approx(2 / 3),
        "macro_f1": pytest.approx(2 / 3),
        "auroc": 1.0,
        "caught_at_95": 1.0,
        "acted": pytest.approx(2 / 3),
        "asked": 0.0,
        "unknown": pytest.approx(1 / 3),
        "p50_ms": pytest.approx(3),
        "p99_ms": pytest.approx(5),
        "load_s": 1.5,
        "cached_load_s": None,
        "memory_mb": 40.0,
    }
    assert list(found) == [figure.key for figure in FIGURES]


def test_peers_have_no_shares_at_thresholds_that_are_ours() -> None:
    drawn = replace(draw(SETTING, 0, NONE), labels=("a",), texts=("1",), outside=())
    found = figures(FLOOR, drawn, Trial(((("a", 0.9),),), (0.001,), 0.0, None, None))
    assert found["acted"] is found["asked"] is found["unknown"] is None
    assert found["auroc"] is found["caught_at_95"] is None


QUICK, SLOW = 0.01, 0.5


class Kept:
    """A matcher that has a cache, and a watch by which it takes its time."""

    passed = 0.0

    def rank(self, text: str) -> Ranking:
        return [(text, 1.0), *((str(number), 0.0) for number in range(100))]

    def keep(self, folder: Path) -> None:
        Kept.passed += SLOW
        (folder / "kept").write_text("what was learned")

    def again(self, folder: Path) -> Matcher:
        assert (folder / "kept").read_text() == "what was learned"
        Kept.passed += QUICK
        return self


def kept(_: Sequence[Example]) -> Kept:
    return Kept()


def test_a_matcher_with_a_cache_is_timed_from_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.trial.perf_counter", lambda: Kept.passed)
    trial = hold(Contender("kept", __name__, "kept"), TRAIN, ["a", "b"])
    assert trial.cached_load == pytest.approx(QUICK), "without the time it took to keep"
    assert [ranking[0][0] for ranking in trial.rankings] == ["a", "b"]


def test_a_matcher_without_a_cache_is_not() -> None:
    assert hold(FLOOR, TRAIN, ["refund"]).cached_load is None


def test_all_learn_and_answer_in_processes_of_their_own_and_the_same_each_time() -> None:
    before, told = dict(os.environ), list[str]()
    first, second = compare(SETTING, NONE, told.append), compare(SETTING, NONE, told.append)
    judged = ("accuracy", "macro_f1", "auroc", "caught_at_95")
    assert {name: len(found) for name, found in first.items()} == {"shouhou": 2, "rapidfuzz ratio": 2}
    for name, found in first.items():
        assert [[row[key] for key in judged] for row in found] == [
            [row[key] for key in judged] for row in second[name]
        ]
    assert told[:2] == ["shouhou, seed 0", "rapidfuzz ratio, seed 0"]
    assert dict(os.environ) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell how much memory was needed")
def test_the_peak_of_memory_is_that_of_the_process_and_not_of_the_one_that_started_it() -> None:
    held = bytearray(b"x") * (400 * 1024 * 1024)
    mine = peak_memory()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        its = pool.submit(peak_memory).result()
    del held
    assert mine is not None
    assert its is not None
    assert mine > 400
    assert its < 300
