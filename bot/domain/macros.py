"""A macro: an answer agents give often, worded once, filled with the conversation's own order, parcel and case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Macro:
    """One of them, in one language."""

    name: str
    """What it is typed by, such as ``refund_time``: its file's name."""
    title: str
    """What agents see in the list."""
    tags: tuple[str, ...] = ()
    """Other words it is found by."""
    then: str = ""
    """What is done once it is sent, such as ``close`` or ``snooze 2h``; empty: nothing."""
    problem: str = ""
    """Why it can't be used, and how to mend it."""

    def called(self, word: str) -> bool:
        """True when it is meant by this name or title."""
        return word.strip().casefold() in (self.name.casefold(), self.title.casefold())
