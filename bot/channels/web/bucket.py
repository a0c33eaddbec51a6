"""A token bucket: how often somebody may do something. The rule is pure; `Buckets` remembers levels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then so many a second."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Level:
    """What is in a bucket, and when that was so."""

    tokens: float
    at: float


def take(rate: Rate, level: Level | None, now: float, cost: float = 1) -> tuple[Level, float]:
    """The level after taking, and 0; or the level as it is, and the seconds to wait until there is enough."""
    tokens = (
        rate.burst
        if level is None
        else min(rate.burst, level.tokens + max(0.0, now - level.at) * rate.per_second)
    )
    cost = min(cost, rate.burst)
    if tokens >= cost:
        return Level(tokens - cost, now), 0.0
    return Level(tokens, now), (cost - tokens) / rate.per_second


class Buckets:
    """A bucket for each key; the one untouched longest is forgotten when there are too many."""

    def __init__(self, rate: Rate, *, most: int = 10_000, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._most = most
        self._clock = clock
        self._levels: OrderedDict[str, Level] = OrderedDict()

    def wait(self, key: str, cost: float = 1) -> float:
        """Take from the key's bucket; the seconds to wait when it holds too little, otherwise 0."""
        level, wait = take(self._rate, self._levels.get(key), self._clock(), cost)
        self._levels[key] = level
        self._levels.move_to_end(key)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return wait
