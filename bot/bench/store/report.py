"""What was measured, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from bot.bench.store.trial import Grown

_LEAST = 0.5
"""Bytes a message below which a table is not shown by itself."""


def columns(found: Sequence[Grown]) -> tuple[str, ...]:
    """A size each, then how many times as long as at the smallest."""
    sizes = [f"{one.messages:,}" for one in found]
    return ("", *(f"{size}, ms" for size in sizes), *(f"× at {size}" for size in sizes[1:]))


def table(found: Sequence[Grown]) -> list[tuple[str, ...]]:
    """A row a probe."""
    return [
        (
            name,
            *(f"{one.took[name] * 1_000:,.2f}" for one in found),
            *(f"{one.took[name] / found[0].took[name]:.1f}" for one in found[1:]),
        )
        for name in found[0].took
    ]


SIZE_COLUMNS = ("table", "MB", "its indexes, MB", "bytes a message")


def sizes(grown: Grown) -> Iterable[tuple[str, ...]]:
    """What each table takes, the largest first."""
    found = sorted(grown.sizes.items(), key=lambda item: -sum(item[1]))
    for name, (own, indexes) in found:
        if (own + indexes) / grown.messages >= _LEAST:
            yield _size(name, own, indexes, grown.messages)
    yield _size("all", sum(own for _, (own, _) in found), sum(each for _, (_, each) in found), grown.messages)


def _size(name: str, own: int, indexes: int, messages: int) -> tuple[str, ...]:
    return (name, f"{own / 1e6:,.1f}", f"{indexes / 1e6:,.1f}", f"{(own + indexes) / messages:,.0f}")


def as_json(grown: Grown) -> dict[str, Any]:
    """One size."""
    return {**asdict(grown), "bytes": sum(map(sum, grown.sizes.values()))}
