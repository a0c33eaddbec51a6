"""A meaning told to people: what `shouhou understand` prints, what the transcript keeps, what agents see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.meaning import Candidate, Meaning, Sureness

KEPT = 3
"""The most intents that are kept with a message."""
_TRADITIONAL = "Hant"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one message was taken to mean, and why."""

    language: str
    """As BCP 47 has it: ``en``, ``zh``, ``zh-Hant`` for Traditional characters; empty when nothing tells."""
    sureness: Sureness
    candidates: tuple[Candidate, ...] = ()
    """Best first, each with the phrase and the signal that carried it."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot name to value."""

    @property
    def nearest(self) -> Candidate | None:
        """The best guess, however unsure."""
        return self.candidates[0] if self.candidates else None

    @property
    def intent(self) -> str | None:
        """What it is acted on as, or asked about; None when no wish was understood."""
        return self.nearest.intent if self.nearest and self.sureness is not Sureness.UNKNOWN else None

    def in_short(self) -> Explanation:
        """As it is kept: with the best guesses only."""
        return replace(self, candidates=self.candidates[:KEPT])


def explain(meaning: Meaning) -> Explanation:
    """The explanation of a meaning."""
    return Explanation(_tag(meaning), meaning.sureness, meaning.candidates, dict(meaning.slots))


def _tag(meaning: Meaning) -> str:
    return f"{meaning.language}-{_TRADITIONAL}" if meaning.script == _TRADITIONAL else meaning.language
