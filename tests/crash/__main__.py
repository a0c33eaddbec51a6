"""Kill the served shop while buyers write, and prove that nothing was lost, doubled or out of order.

python -m tests.crash --kills 20 --rate 50 --seconds 60 --database sqlite
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crash.fleet import ALONE, PARTS
from tests.crash.run import Outcome, Trial, run, spread
from tests.crash.shop import storage

MOST_SHOWN = 40


def arguments() -> argparse.Namespace:
    usual = Trial()
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--rate", type=float, default=usual.rate, help="messages a second")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long buyers write")
    parser.add_argument("--buyers", type=int, default=usual.buyers)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--no-faults", action="store_true", help="no 429, 500 and swallowed answers besides")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--parts",
        choices=("polling", "webhook"),
        help="seven processes share the work, on PostgreSQL: 2 intake this way, 2 workers, 2 senders, 1 web; any is killed",
    )
    parser.add_argument("--keep", type=Path, help="an empty folder to leave database and log in")
    given = parser.parse_args()
    if given.parts and given.database != "postgresql":
        parser.error("--parts needs --database postgresql")
    return given


def main() -> int:
    given = arguments()
    trial = Trial(
        given.kills,
        given.rate,
        given.seconds,
        given.buyers,
        given.seed,
        not given.no_faults,
        PARTS if given.parts else ALONE,
        given.parts == "webhook",
    )
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with storage(given.database, folder) as url:
            outcome = asyncio.run(run(trial, folder, url))
    sys.stdout.write(table(trial, given.database, outcome))
    return 1 if outcome.violations else 0


def table(trial: Trial, database: str, outcome: Outcome) -> str:
    """The outcome in columns."""
    rows = {
        "kills": f"{trial.kills} at random moments in {trial.seconds:g} s of {trial.rate:g} messages/s, {database}",
        **outcome.numbers,
        "asks for messages again after (min / median / max)": spread(outcome.returns),
        "answers again after": spread(outcome.recoveries),
        "violations": len(outcome.violations),
    }
    lines = [f"{name:<52} {value}" for name, value in rows.items()]
    lines += [f"  {sentence}" for sentence in outcome.violations[:MOST_SHOWN]]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
