"""`shouhou simulate`: a month in a shop's own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.errors import StoreError
from tests.cli.conftest import Call

ROOT = Path(__file__).parents[2]
SHORT = ("simulate", "--buyers", "3", "--days", "2", "--seed", "3")


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without logs, and without setting them up for all of the test process."""
    monkeypatch.setattr("bot.cli.simulate.set_up_logs", lambda *_, **__: None)
    with structlog.testing.capture_logs():
        yield


def _simulate(shop: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "TELEGRAM_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", "-C", str(shop), *SHORT, *words],
        capture_output=True,
        encoding="utf-8",
        env={**environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.mark.usefixtures("quiet")
def test_it_prints_figures_and_checks_and_leaves_demo_data(shop: Path, call: Call) -> None:
    database = f"sqlite:///{shop / 'demo.db'}"
    played = _simulate(shop, "--database", database)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "3 buyers, 2 days, seed 3" in played.stdout
    assert "✓ the ledger adds up" in played.stdout
    assert "✗" not in played.stdout
    again = call(*SHORT, "--database", database)
    assert isinstance(again.exception, StoreError)
    assert "has conversations in it already" in str(again.exception)


@pytest.mark.usefixtures("quiet")
def test_what_does_not_hold_is_named_with_the_seed(shop: Path, call: Call) -> None:
    for path in shop.glob("replies/*/command/start_linked.j2"):
        path.unlink()
    played = call(*SHORT)
    assert played.exit_code == 1, played.output
    assert "✗ everything that came in is done" in played.stdout
    assert "shunted" in played.stderr
    assert "--buyers 3 --days 2 --seed 3" in played.stderr
