"""What a machine can't play is said; what is left is played, and where nothing is, that is a failure."""

from __future__ import annotations

import sys

import pytest

from tests.crash import __main__ as command
from tests.crash import disk
from tests.crash.programmes import PROGRAMMES, Played
from tests.crash.run import Trial

SHORT = PROGRAMMES["short"][0]


def test_without_a_compiler_the_process_is_killed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "available", lambda: False)
    left, lacks = command.playable(SHORT)
    assert left
    assert [*left.trial.kinds] == ["kill"]
    assert left.trial.strikes == SHORT.trial.strikes
    assert lacks.startswith("power, full, readonly, clock ")
    assert command.playable(Played("sqlite", Trial(kinds=("full", "readonly"))))[0] is None


def test_who_plays_nothing_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(disk, "available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["tests.crash", "--misfortunes", "full"])
    assert command.main() == 1
    assert capsys.readouterr().out == "sqlite, not played: full (a C compiler on Linux is needed)\n\n"
