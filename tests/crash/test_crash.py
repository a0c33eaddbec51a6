"""The short form of the trial; `python -m tests.crash` is the long one."""

from __future__ import annotations

from pathlib import Path

from tests.crash.run import Trial, run
from tests.crash.shop import storage


async def test_killed_twice_while_buyers_write(tmp_path: Path) -> None:
    trial = Trial(kills=2, rate=40, seconds=6, buyers=8)
    with storage("sqlite", tmp_path) as url:
        outcome = await run(trial, tmp_path, url)
    assert outcome.violations == []
    assert outcome.numbers["cases opened"], "nothing was at stake"
    assert outcome.numbers["refunds paid"], "no money was at stake"
