"""Which of several things is meant: by words of its name (台灯, "the socks"), or by its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.understanding.titles import names as name_parts

T = TypeVar("T")


def by_place(ordinal: str, things: Sequence[T]) -> T | None:
    """The third, the last: the thing at that place, counted from 1, or from the end below zero."""
    place = int(ordinal or 0)
    if place == 0 or abs(place) > len(things):
        return None
    return things[place - 1 if place > 0 else place]


def named(said: str, names: Sequence[str]) -> int | None:
    """The place of the name that shares most with what was said; None when none does, or two do alike."""
    shared = [len(name_parts(said) & name_parts(name)) for name in names]
    most = max(shared, default=0)
    return shared.index(most) if most and shared.count(most) == 1 else None
