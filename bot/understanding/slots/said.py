"""A message while it is read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.understanding.normalise import normalise

LONGEST = 1_000
"""Characters looked at: one character can be a whole phrase once its compatibility form is taken."""
DETAILS = 250
"""Characters in which amounts, days and the like are looked for: who writes more pastes, or attacks."""
_DIGIT = re.compile(r"\d", re.ASCII)
_TAKEN = "\ue000"
"""A private character that stands where a value was taken: neither a digit nor a letter nor a space."""
_KEYCAPS = str.maketrans("", "", "\ufe0f\u20e3")
"""What makes a digit an emoji."""


@dataclass(slots=True)
class Said:
    """What one slot has taken no later slot may take: the digits of a date are no amount."""

    text: str
    """NFKC (full-width and circled digits are plain ones), stripped."""
    normal: str
    """Normal form, see `normalise`."""
    rest: str
    """The text without what was taken."""

    @classmethod
    def of(cls, text: str) -> Said:
        """The message as it came, nothing taken yet."""
        plain = unicodedata.normalize("NFKC", text)[:LONGEST].translate(_KEYCAPS).strip()
        return cls(plain, normalise(plain), plain)

    def take(self, start: int, end: int) -> None:
        """Keep a piece of the rest from being read again."""
        self.rest = f"{self.rest[:start]}{_TAKEN}{self.rest[end:]}"

    @property
    def has_digits(self) -> bool:
        """True when a number may still be read from the rest."""
        return _DIGIT.search(self.rest) is not None

    def mostly(self, part: str) -> bool:
        """True when a part is half of the message or more."""
        return 2 * len(part) >= len(self.text)
