"""Put things at random through every door for as long as you like; what breaks something is shown, made as small as it goes.

python -m tests.fuzz --minutes 10
python -m tests.fuzz --minutes 2 --door "CSV"
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from tests.fuzz.doors import DOORS, Check, Door
from tests.play.stage import ROOT

ROUND = 250
"""Examples of a door before it is the next one's turn."""


@dataclass
class Tally:
    """What came of a door."""

    examples: int = 0
    seconds: float = 0.0
    broken: Counter[str] = field(default_factory=Counter)
    """By what it was, so that one defect is told once."""


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for: by these words, or by those of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--door", default="", help="only doors whose names hold this")
    parser.add_argument("--seed", type=int, default=0, help="another one, other examples")
    asked = parser.parse_args(words)
    asked.doors = [door for door in DOORS if asked.door.lower() in door.name.lower()]
    if not asked.doors:
        parser.error(f"there is no such door; there are: {', '.join(door.name for door in DOORS)}")
    return asked


def main() -> int:
    asked = arguments()
    logging.disable()  # what is refused is told of by the libraries, a line each
    tallies = fuzz(asked.doors, asked.minutes * 60, asked.seed)
    sys.stdout.write(table(tallies))
    return 1 if any(tally.broken for tally in tallies.values()) else 0


def fuzz(doors: list[Door], seconds: float, first: int) -> dict[str, Tally]:
    """Each door for its share of the time."""
    shop = load(None, {}).shop
    contents = ShopFolder(ROOT, shop.languages, shop.timezone).read()
    tallies = {door.name: Tally() for door in doors}
    for door in doors:
        until = time.monotonic() + seconds / len(doors)
        number = first
        while time.monotonic() < until:
            number += 1
            one_round(door, contents, number, tallies[door.name])
    return tallies


def one_round(door: Door, contents: Contents, number: int, tally: Tally) -> None:
    """So many examples; a defect ends the round, and is told."""
    begun = time.monotonic()
    with door.opened(contents) as check:
        try:
            _given(door, check, number, tally)()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is what we look for
            kind = f"{type(error).__name__} at {_where(error)}"
            tally.broken[kind] += 1
            if tally.broken[kind] == 1:
                sys.stdout.write(
                    f"\n== {door.name}: {kind}\n{''.join(traceback.format_exception(error))[-3000:]}\n"
                )
    tally.seconds += time.monotonic() - begun


def _given(door: Door, check: Check, number: int, tally: Tally) -> Any:
    usual = settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )

    def counted(example: Any) -> None:
        check(example)
        tally.examples += 1

    return seed(number)(usual(given(door.comes)(counted)))


def _where(error: Exception) -> str:
    """The last line of ours that it came through."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/bot/" in frame.filename]
    return f"{ours[-1].filename.rpartition('/bot/')[2]}:{ours[-1].lineno}" if ours else "the check"


def table(tallies: dict[str, Tally]) -> str:
    """The figures, a door a line."""
    rows = [f"{'door':<42} {'examples':>9} {'seconds':>8} {'defects':>8}"]
    rows += [
        f"{name:<42} {tally.examples:>9} {tally.seconds:>8.0f} {len(tally.broken):>8}"
        for name, tally in tallies.items()
    ]
    whole = sum(tally.examples for tally in tallies.values())
    return "\n".join([*rows, f"{'in all':<42} {whole:>9}", ""])


if __name__ == "__main__":
    sys.exit(main())
