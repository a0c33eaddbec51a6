"""Draws from a data set: a few phrases an intent to learn from, a part of the messages to be asked."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.bench.dataset import Example

T = TypeVar("T", str, Example)


def few(examples: Iterable[Example], k: int, seed: int) -> tuple[Example, ...]:
    """`k` phrases of each intent, or all where there are fewer.

    The same seed draws the same phrases whatever the order of the rows: rows and labels are sorted first, and one
    `random.Random(seed)` goes through the labels.
    """
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in sorted(examples):
        by_label[label].append(text)
    chance = random.Random(seed)  # noqa: S311 -- repeatable is what it has to be
    return tuple(
        (text, label)
        for label, texts in sorted(by_label.items())
        for text in chance.sample(texts, min(k, len(texts)))
    )


def part(messages: Sequence[T], limit: int | None, seed: int) -> Sequence[T]:
    """At most `limit` messages, drawn from all: the first ones of a file that is sorted by label would be one intent."""
    if limit is None or len(messages) <= limit:
        return messages
    return random.Random(seed).sample(messages, limit)  # noqa: S311 -- as above
