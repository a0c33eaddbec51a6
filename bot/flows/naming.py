"""Which of several things is meant: by words of its name (台灯, "the socks"), or by its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from bot.domain.guides import Guide, Guides
from bot.understanding.normalise import bounded, normalise
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


def guides_named(shop: Guides, text: str, guides: Collection[Guide]) -> tuple[Guide, ...]:
    """Those whose product a text names in full, in any language; of names within each other the longer one's."""
    said = normalise(text)
    found: dict[str, list[Guide]] = {}
    for guide in guides:
        called = {normalise(name) for name in shop.names(guide)}
        if longest := max((name for name in called if name and bounded(name, said)), key=len, default=""):
            found.setdefault(longest, []).append(guide)
    inside = {name for name in found if any(name != other and name in other for other in found)}
    return tuple(guide for name, each in found.items() if name not in inside for guide in each)
