"""Wrong proofs of orders over all conversations: who guesses begins a new conversation for every few tries.

Remembered by this process only: what is forgotten at its end a guesser can't bring about.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

PER_ORDER = 10
"""Wrong proofs of one order in a day, from whomever; the last four digits of a phone are one of 10,000."""
IN_ALL = 60
"""Wrong proofs in an hour, of whatever orders."""
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Guesses:
    """Says when proofs are left to people, whether they are right or wrong."""

    def __init__(self) -> None:
        self._wrong: deque[tuple[datetime, frozenset[str]]] = deque()

    def too_many(self, numbers: Iterable[str], now: datetime) -> bool:
        """True while too many were wrong lately, of one of these orders or in all. Whether an order exists does not matter."""
        while self._wrong and self._wrong[0][0] <= now - _DAY:
            self._wrong.popleft()
        if sum(at > now - _HOUR for at, _ in self._wrong) >= IN_ALL:
            return True
        named = map(str.casefold, numbers)
        return any(sum(number in wrong for _, wrong in self._wrong) >= PER_ORDER for number in named)

    def note(self, numbers: Iterable[str], now: datetime) -> None:
        """A proof was wrong, of the order that one of these is."""
        self._wrong.append((now, frozenset(map(str.casefold, numbers))))
