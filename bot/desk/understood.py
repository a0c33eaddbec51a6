"""What an agent sees under a buyer's line: what it was understood to mean, and why."""

from __future__ import annotations

from typing import Any

from bot.domain.explanation import Explanation
from bot.domain.meaning import Candidate


def understood(told: Explanation | None) -> dict[str, Any] | None:
    """The explanation as the page gets it, to be worded there; None where nothing was to be understood."""
    if told is None:
        return None
    return {
        "sureness": told.sureness.value,
        "language": told.language,
        "guesses": [_guess(candidate) for candidate in told.candidates],
        "slots": [[name, value] for name, value in told.slots.items()],
    }


def _guess(candidate: Candidate) -> dict[str, Any]:
    return {
        "intent": candidate.intent,
        "confidence": candidate.confidence,
        "phrase": candidate.phrase,
        "by": signals(candidate),
    }


def signals(candidate: Candidate) -> list[list[str]]:
    """What carried it, one by one, each with its number if it has one: "clause: sound, odds ×3" is ``clause``, ``sound`` and
    ``odds`` with 3. Each is a key of the pages' words, behind ``signal_``."""
    parts = candidate.signal.replace(": ", ", ").split(", ")
    return [
        [word.replace(" ", "_"), times] for word, _, times in (part.partition(" ×") for part in parts if part)
    ]
