"""Remembering what was made of short texts: many buyers say the same few words, and a turn looks at its words many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
SHORT = 200
"""Characters of a text that is remembered. Longer ones are hardly said twice, and would fill the memory."""


def remembered(texts: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A function of a text alone that need not work again on any of the last `texts` short ones."""

    def remember(make: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(texts)(make)

        @wraps(make)
        def look_up(text: str) -> T:
            return known(text) if len(text) <= SHORT else make(text)

        return look_up

    return remember
