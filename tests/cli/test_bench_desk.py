"""`shouhou bench desk` as it is typed: a whole shop is served and used, if only for a moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bench.desk import trial
from tests.cli.conftest import Call


def test_every_message_is_timed_on_the_screen_that_shows_its_conversation(
    call: Call, small_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "BUYERS", 5)
    result = call("bench", "desk", "--streams", "1", "--rate", "10", "--seconds", "1", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["rate"], found["seconds"], found["floor"]) == (10, 1, found["full"])
    full = found["full"]
    assert (full["streams"], full["sent"], full["refused"]) == (1, 10, 0)
    assert (full["watched"], full["lost"]) == (2, 0)
    assert (full["line"]["samples"], full["row"]["samples"]) == (2, 10)
    assert 0 < full["line"]["p50"] <= full["line"]["p99"] <= full["line"]["worst"]
    assert full["load"]["server"] > 0
    assert not (small_shop / "data" / "files").exists()  # the shop's own data are left alone


def test_what_would_slow_the_buyers_down_is_refused(call: Call) -> None:
    assert call("bench", "desk", "--rate", "101").exit_code == 2
    assert call("bench", "desk", "--streams", "0").exit_code == 2
