"""What more phrases cost: the same messages asked of ever more phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.bench.contenders import FLOOR, OURS, Contender
from bot.bench.contest import Figures, Round, Tell, alone, figures, one_core
from bot.bench.dataset import Example
from bot.bench.homophones import Homophones
from bot.bench.sample import part
from bot.bench.typos import mistyped

CONTENDERS = (OURS, FLOOR)
_SLIPS = 0.08
"""Share of letters or characters that differ between a phrase and the ones made from it."""
_MOST_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Grown:
    """One contender's figures at one number of phrases."""

    phrases: int
    contender: str
    figures: Figures


def grow(
    train: Sequence[Example],
    test: Sequence[Example],
    sizes: Sequence[int],
    limit: int,
    homophones: Homophones,
    tell: Tell,
) -> Iterator[Grown]:
    """Size by size; each trial in a process of its own, on one core."""
    asked = part(test, limit, 0)
    texts, labels = tuple(text for text, _ in asked), tuple(label for _, label in asked)
    with one_core():
        for size in sizes:
            drawn = Round(as_many(train, size, homophones), texts, labels, ())
            for contender in CONTENDERS:
                tell(f"{contender.name}, {len(drawn.phrases):,} phrases")
                yield Grown(len(drawn.phrases), contender.name, _measured(contender, drawn))


def _measured(contender: Contender, drawn: Round) -> Figures:
    return figures(contender, drawn, alone(contender, drawn))


def as_many(train: Sequence[Example], size: int, homophones: Homophones) -> tuple[Example, ...]:
    """So many different phrases: an even part of the given ones, or all and then copies of them with slips."""
    train = tuple(dict.fromkeys(train))
    if size <= len(train):
        return tuple(part(train, size, 0))
    found = dict.fromkeys(train)
    for seed in range(_MOST_ROUNDS):
        for text, label in train:
            found[mistyped(text, _SLIPS, seed, homophones), label] = None
            if len(found) >= size:
                return tuple(found)
    return tuple(found)


COLUMNS = (
    "phrases",
    "p50 ms",
    "p99 ms",
    "times as much",
    f"{FLOOR.name}, p50 ms",
    "ratio",
    "learning s",
    "from the cache s",
    "peak MB",
    "accuracy",
)


def table(rows: Sequence[Grown]) -> list[tuple[str, ...]]:
    """A row a size; "times as much" is the p50 beside that of the row before."""
    ours = [row for row in rows if row.contender == OURS.name]
    floors = {row.phrases: row.figures for row in rows if row.contender == FLOOR.name}
    before = [None, *(row.figures["p50_ms"] for row in ours)]
    return [
        (
            f"{row.phrases:,}",
            *(_shown(row.figures[key], 3) for key in ("p50_ms", "p99_ms")),
            _shown(_divided(row.figures["p50_ms"], last), 2),
            _shown(floors[row.phrases]["p50_ms"], 3),
            _shown(_divided(row.figures["p50_ms"], floors[row.phrases]["p50_ms"]), 3),
            *(_shown(row.figures[key], 2) for key in ("load_s", "cached_load_s")),
            _shown(row.figures["memory_mb"], 0),
            _shown(row.figures["accuracy"], 3),
        )
        for row, last in zip(ours, before, strict=False)
    ]


def _divided(value: float | None, by: float | None) -> float | None:
    return value / by if value is not None and by else None


def _shown(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
