"""Means, ranges, and whom we are compared with."""

from __future__ import annotations

from typing import Any

from bot.bench.contest import Figures
from bot.bench.figures import FIGURES
from bot.bench.report import Report, as_json, everyone, table


def of(**told: float) -> Figures:
    """One trial's figures; what is not told can't be."""
    return {figure.key: None for figure in FIGURES} | told


REPORT = Report(
    {
        "shouhou": [of(accuracy=0.8, p50_ms=0.5, acted=0.6), of(accuracy=0.9, p50_ms=0.7, acted=0.6)],
        "quick": [of(accuracy=0.5, p50_ms=0.1), of(accuracy=0.5, p50_ms=0.1)],
        "good": [of(accuracy=0.6, p50_ms=2.0), of(accuracy=0.8, p50_ms=4.0)],
    }
)
ROWS = {row[0]: row[1:] for row in table(REPORT)}


def test_a_figure_is_the_mean_of_the_seeds_with_its_range() -> None:
    assert ROWS["accuracy"][0] == "0.850 (0.800–0.900)"


def test_a_figure_that_is_the_same_for_all_seeds_has_no_range() -> None:
    assert ROWS["acted on"][0] == "0.600"


def test_a_figure_is_compared_with_the_peer_that_is_best_in_it() -> None:
    assert ROWS["accuracy"][1:] == ("0.700 (0.600–0.800)", "good", "1.21")


def test_a_cost_is_compared_with_the_most_accurate_peer_and_not_with_the_one_that_does_least() -> None:
    assert ROWS["one message, p50 (less is better)"][1:] == ("3.000 ms (2.000–4.000)", "good", "0.20")


def test_what_only_our_thresholds_tell_is_compared_with_nobody() -> None:
    assert ROWS["acted on"][1:] == ("", "", "")


def test_a_figure_that_nobody_could_tell_is_not_shown() -> None:
    assert not any("AUROC" in title for title in ROWS)


def test_all_contenders_stand_side_by_side() -> None:
    columns, rows = everyone(REPORT)
    assert columns == ["matcher", "accuracy", "p50_ms"]
    assert rows[2] == ("good", "0.700", "3.000")


def test_the_json_has_our_means_at_the_top_and_the_rest_below() -> None:
    found: dict[str, Any] = as_json(REPORT)
    assert {figure.key for figure in FIGURES} <= found.keys()
    assert found["acted"] == 0.6
    assert found["auroc"] is None
    assert found["range"]["accuracy"] == [0.8, 0.9]
    assert found["matchers"]["quick"]["p50_ms"] == 0.1
    assert found["best_peer"]["p50_ms"] == "good"
    assert found["ratio"]["auroc"] is None
