"""Which of several things is meant: by words of its name (台灯, "the socks"), or by its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.understanding.normalise import is_cjk, normalise

T = TypeVar("T")
_EMPTY = frozenset({"the", "and", "for", "one", "that", "this", "with", "please", "size", "set"})


def by_place(ordinal: str, things: Sequence[T]) -> T | None:
    """The third, the last: the thing at that place, counted from 1, or from the end below zero."""
    place = int(ordinal or 0)
    if place == 0 or abs(place) > len(things):
        return None
    return things[place - 1 if place > 0 else place]


def named(said: str, names: Sequence[str]) -> int | None:
    """The place of the name that shares most with what was said; None when none does, or two do alike."""
    shared = [len(_pieces(said) & _pieces(name)) for name in names]
    most = max(shared, default=0)
    return shared.index(most) if most and shared.count(most) == 1 else None


def _pieces(text: str) -> frozenset[str]:
    """Words of three letters or more, and each two Chinese characters that stand together."""
    found: set[str] = set()
    for word in normalise(text).split():
        pairs = {word[at : at + 2] for at in range(len(word) - 1)}
        found |= {pair for pair in pairs if all(map(is_cjk, pair))}
        if not is_cjk(word) and len(word) >= 3 and word not in _EMPTY:
            found.add(word.removesuffix("s"))
    return frozenset(found)
