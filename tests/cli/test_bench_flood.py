"""`shouhou bench flood` as it is typed: a whole shop is flooded, if only for a moment."""

from __future__ import annotations

import json

import pytest

from bot.bench.load import flooding
from bot.bench.load.trial import Delays
from tests.cli.conftest import Call


@pytest.fixture(autouse=True)
def few_buyers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flooding, "BUYERS", 20)
    monkeypatch.setattr(flooding, "WARM_UP", 1.0)


def test_others_are_answered_whoever_floods(call: Call) -> None:
    few = ("--people", "2", "--messages", "100", "--others", "10", "--seconds", "1", "--limit", "30")
    result = call("bench", "flood", *few, "--json")
    assert result.exit_code == 0, result.output
    nobody, two = json.loads(result.stdout)["people"].values()
    assert (nobody["answered"], nobody["unanswered"], nobody["flooded"]) == (10, 0, 0)
    assert (two["answered"], two["unanswered"], two["flooded"]) == (10, 0, 100)
    assert 0 < two["delays"]["p50"] <= two["delays"]["p99"] <= two["longest"]


def test_figures_stand_beside_those_without_a_flood() -> None:
    calm = flooding.Endured(Delays(9, 40), 41.4, 200, 0, 0, 0)
    harmed = flooding.Endured(Delays(1234, 2000), 2100, 190, 10, 9_999, 12)
    rows = {title: values for title, *values in flooding.table([calm, harmed])}
    assert rows["to the others' answer, p50, ms"] == ["9", "1,234"]
    assert rows["others not answered"] == ["0", "10"]
    assert rows["messages of the flood"] == ["0", "9,999"]
