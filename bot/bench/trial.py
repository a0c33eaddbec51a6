"""One matcher learns and is asked: answers, times, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.bench.contenders import Contender
from bot.bench.dataset import Example
from bot.bench.matchers import Cached, Ranking
from bot.bench.memory import peak_memory

_KEPT = 5
"""Guesses of a ranking that are looked at afterwards."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one matcher did."""

    rankings: tuple[Ranking, ...]
    """The first guesses for each message, in the messages' order."""
    seconds: tuple[float, ...]
    """Wall time of each message."""
    load: float
    """Seconds it took to learn."""
    cached_load: float | None
    """Seconds it took to come back from its cache; None when it has none."""
    memory: float | None
    """Peak of the process in MiB: the interpreter, the libraries and the matcher."""


def hold(contender: Contender, examples: Sequence[Example], messages: Sequence[str]) -> Trial:
    """Teach a matcher, then ask it message by message. Importing its libraries is not counted as learning."""
    teach = contender.teach()
    begin = perf_counter()
    matcher = teach(examples)
    load = perf_counter() - begin
    rankings, seconds = [], []
    for message in messages:
        begin = perf_counter()
        ranking = matcher.rank(message)
        seconds.append(perf_counter() - begin)
        rankings.append(tuple(ranking[:_KEPT]))
    peak = peak_memory()
    cached = _cached_load(matcher) if isinstance(matcher, Cached) else None
    return Trial(tuple(rankings), tuple(seconds), load, cached, peak)


def _cached_load(matcher: Cached) -> float:
    with TemporaryDirectory() as folder:
        matcher.keep(Path(folder))
        begin = perf_counter()
        matcher.again(Path(folder))
        return perf_counter() - begin
