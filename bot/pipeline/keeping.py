"""What has a time of its own after which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.config.sections import Retention


class Rule(StrEnum):
    """What has a time of its own; with ``_days`` it is the name of its setting."""

    RAW = "raw"
    """What came in, as it came, once it was handled: it is emptied, and its mark stays."""
    ORIGINS = "origins"
    """The marks by which the same thing is not taken twice."""
    SENT = "sent"
    """What was sent, as it was sent: it is emptied. The transcript has what was said."""
    LINES = "lines"
    """What was said, in conversations with nothing open."""
    LETTERS = "letters"
    """Which replies were sent when; it goes with `LINES`."""
    FILES = "files"
    """Which files were sent, in conversations with nothing open."""
    SHUNTED = "shunted"
    """What failed and lies on the shelf: it is dropped and emptied."""
    DEADLINES = "deadlines"
    """Clocks that fired or were dropped."""
    SESSIONS = "sessions"
    """Sign-ins that are over."""
    AUDIT = "audit"
    """What people did."""


FOLLOWS = {Rule.LETTERS: Rule.LINES}
"""Rules without a setting of their own."""


def setting_of(rule: Rule) -> str:
    """The name of its setting, in the section ``retention``."""
    return f"{FOLLOWS.get(rule, rule).value}_days"


def days_of(wished: Retention) -> dict[Rule, int]:
    """For how many days what each rule is about is kept; 0: for ever."""
    return {rule: getattr(wished, setting_of(rule)) for rule in Rule}


@dataclass(frozen=True, slots=True)
class Over:
    """What is over its time by one rule."""

    rows: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """What was found in a stretch of a table."""

    keys: tuple[int | str, ...]
    """Of what is over its time, in the keys' order."""
    after: int | str | None
    """The key behind which to go on; None: behind it is nothing old enough."""
