"""`shouhou simulate`: a month in a shop's own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _simulate(shop: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "TELEGRAM_"))
    }
    command = [
        sys.executable,
        "-m",
        "bot",
        "-C",
        str(shop),
        "simulate",
        "--buyers",
        "3",
        "--days",
        "2",
        *words,
    ]
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env={**environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_it_prints_figures_and_checks_and_leaves_demo_data(shop: Path) -> None:
    database = f"sqlite:///{shop / 'demo.db'}"
    played = _simulate(shop, "--seed", "3", "--database", database)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "3 buyers, 2 days, seed 3" in played.stdout
    assert "✓ the ledger adds up" in played.stdout
    assert "✗" not in played.stdout
    again = _simulate(shop, "--seed", "3", "--database", database)
    assert again.returncode == 2
    assert "has conversations in it already" in again.stderr


def test_what_does_not_hold_is_named_with_the_seed(shop: Path) -> None:
    for path in shop.glob("replies/*/command/start_linked.j2"):
        path.unlink()
    played = _simulate(shop, "--seed", "3")
    assert played.returncode == 1, played.stdout + played.stderr
    assert "✗ everything that came in is done" in played.stdout
    assert "shunted" in played.stderr
    assert "--buyers 3 --days 2 --seed 3" in played.stderr
