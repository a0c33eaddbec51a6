"""Trials that belong together: a short form for every change, and a long one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.crash.fleet import PARTS
from tests.crash.run import Trial


@dataclass(frozen=True, slots=True)
class Played:
    """A trial, and on which database it is played."""

    database: str
    trial: Trial


_DISK = ("kill", "power", "full", "readonly", "clock")
_SERVER = ("kill", "postgres", "cut", "silence", "slow")
_TELEGRAM = ("429", "500", "502", "dropped", "unanswered", "garbage", "late")
_SEVEN = Trial(roles=PARTS, rate=30)

PROGRAMMES: dict[str, tuple[Played, ...]] = {
    "short": (
        Played("sqlite", Trial(strikes=5, kinds=_DISK, lasts=2, rate=20, seconds=25)),
        Played("postgresql", replace(_SEVEN, strikes=5, kinds=_SERVER, lasts=2, rate=15, seconds=25)),
    ),
    "long": (
        Played("sqlite", Trial(strikes=250, rate=20, seconds=1750)),
        Played("postgresql", replace(_SEVEN, strikes=130, seconds=520)),
        Played("postgresql", replace(_SEVEN, strikes=130, seconds=520, webhook=True, seed=2)),
        Played("sqlite", Trial(strikes=40, kinds=("power",), rate=20, seconds=320)),
        Played("sqlite", Trial(strikes=9, kinds=_DISK[2:], lasts=20, rate=20, seconds=300)),
        Played("postgresql", replace(_SEVEN, strikes=12, kinds=_SERVER[1:], lasts=20, rate=20, seconds=330)),
        Played("sqlite", Trial(strikes=7, kinds=_TELEGRAM, lasts=60, rate=10, seconds=500)),
        Played("sqlite", Trial(strikes=15, kinds=("restart",), rate=20, seconds=120, faults=False)),
        Played(
            "postgresql", replace(_SEVEN, strikes=10, kinds=("restart",), rate=20, seconds=300, faults=False)
        ),
        Played("postgresql", replace(_SEVEN, strikes=30, rate=3, seconds=120, buyers=12, limits=True)),
    ),
}
"""The short one takes a minute and a half, the long one an hour and a half."""
