"""What only learning shows: phrases that other intents steal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.understanding.teaching import Stolen

MOST = 10
"""Stolen phrases named of one file; the first of them tell what is wrong."""


def lint_thefts(found: Iterable[Stolen]) -> Iterator[str]:
    """A line for each stolen phrase, file by file, surest first."""
    by_file: dict[str, list[Stolen]] = defaultdict(list)
    for one in found:
        by_file[f"intents/{one.language}/{one.intent}.yaml"].append(one)
    for path in sorted(by_file):
        thefts = by_file[path]
        yield from (f"warning: {path}: {_told(one)}" for one in thefts[:MOST])
        if len(thefts) > MOST:
            yield f"warning: {path}: and {len(thefts) - MOST} more go to other intents"


def _told(one: Stolen) -> str:
    return f"{one.phrase!r} reads like {one.thief} ({one.share:.2f}), whose nearest phrase is {one.nearest!r}"
