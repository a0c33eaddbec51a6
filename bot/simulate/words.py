"""What simulated people write: wordings of the shop's own phrase files, filled in, now and then with typing slips."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.bench.homophones import chinese
from bot.bench.typos import mistyped
from bot.understanding.phrases import PLACEHOLDERS, PhraseFile, wordings

SCRIPT = Path(__file__).parent / "script"
_SLIPS = 0.15
"""Share of the messages with typing slips."""
_RATE = 0.04
"""Share of the letters that are hit in those."""

_NO_WORDS = ["?"]
"""What is written where the shop's owner has taken all phrases of a wish away."""
WRITTEN = frozenset({"en", "zh"})
"""Languages that the script has words in."""


class Words:
    """Words for a wish, in a language."""

    def __init__(self, files: Iterable[PhraseFile]) -> None:
        self._phrases: dict[tuple[str, str], list[str]] = defaultdict(list)
        for file in files:
            self._phrases[file.language, file.intent] += [wording for wording, _ in wordings(file)]
        self._sayings: Mapping[str, Mapping[str, Sequence[str]]] = read_script("sayings.yaml")
        self._homophones = chinese()

    def __contains__(self, wish: object) -> bool:
        """True when there are words for a (language, intent)."""
        return wish in self._phrases

    def intents(self, language: str) -> list[str]:
        """All wishes there are words for, in order."""
        return sorted(intent for spoken, intent in self._phrases if spoken == language)

    def wish(self, dice: random.Random, language: str, intent: str, **filled: str) -> str:
        """A wording of the intent, with numbers and amounts of one's own; by chance with slips."""
        text = dice.choice(self._phrases.get((language, intent)) or _NO_WORDS)
        for name, stands_for in PLACEHOLDERS.items():
            if filled.get(name):
                text = text.replace(stands_for, filled[name])
        if dice.random() < _SLIPS:
            return mistyped(text, _RATE, dice.randrange(10_000), self._homophones)
        return text

    def saying(self, dice: random.Random, language: str, what: str, **filled: str) -> str:
        """One of the lines of the script."""
        return dice.choice(self._sayings[language][what]).format_map({"intro": "", **filled}).strip()


def read_script(name: str) -> Any:
    """One of the script's files."""
    return yaml.safe_load((SCRIPT / name).read_text("utf-8"))
