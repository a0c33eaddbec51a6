"""What each kind of misfortune cost."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from itertools import pairwise

from tests.crash.arrivals import Repeats
from tests.crash.world import Strike, World


@dataclass(slots=True)
class Tally:
    """Of one kind."""

    count: int = 0
    recoveries: list[float] = field(default_factory=list)
    """Seconds from when it was over to the next message that reached somebody; where something else came first, none."""
    repeats: int = 0
    """Messages that came twice because of it: nobody could know that they had arrived."""


def tallies(world: World, repeats: Repeats) -> dict[str, Tally]:
    """By kind. A message that came twice is put down to the last misfortune that had begun before its first coming."""
    found: dict[str, Tally] = {}
    arrivals = sorted(arrival.at for arrival in world.heard)
    for strike, following in pairwise([*world.strikes, Strike("", float("inf"), float("inf"))]):
        tally = found.setdefault(strike.name, Tally())
        tally.count += 1
        tally.repeats += sum(
            strike.begin <= at < following.begin for at in repeats.killed + repeats.unanswered
        )
        first = next((at for at in arrivals if at > strike.end), None)
        if first is not None and first < following.begin:
            tally.recoveries.append(first - strike.end)
    return found


def spread(seconds: list[float]) -> str:
    """Smallest, median, largest."""
    if not seconds:
        return "none"
    return f"{min(seconds):.2f} / {statistics.median(seconds):.2f} / {max(seconds):.2f} s"
