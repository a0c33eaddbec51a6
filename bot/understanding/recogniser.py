"""Which intent a message has: a judge for each script, and which of them is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.understanding.judge import Judge, Verdict
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import is_cjk
from bot.understanding.syllables import typed

_LONG = 4
"""Letters from which on a word that nobody knows is more likely pinyin."""
_LEAST_INTENTS = 2
_WORDS = re.compile(r"[a-z]{3,}(?: [a-z]{2,})*")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A phrase in normal form, its intent, and whether the language it was taught in is written in Chinese characters."""

    text: str
    intent: str
    han: bool

    @property
    def script(self) -> str:
        """``han`` or ``latin``: the judge that has the last word on it."""
        return "han" if self.han or is_cjk(self.text) else "latin"


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What was learned of all phrases."""

    judges: dict[str, Judge] = field(default_factory=dict)
    """By script: ``han`` for Chinese characters and pinyin, ``latin`` for everything else."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], lexicon: Lexicon) -> Self:
        """Learn from phrases."""
        judges = {
            script: Judge.of(
                [each.text for each in taught], [each.intent for each in taught], lexicon, script
            )
            for script, taught in dealt(lessons).items()
            if len({each.intent for each in taught}) >= _LEAST_INTENTS
        }
        return cls(judges)

    def verdict(self, text: str, among: Collection[str] | None = None) -> Verdict:
        """The judgement of a text in normal form, of the judge of its script; of what may be pinyin, both, the surer counts.
        `among`: the intents that are not ruled out."""
        asked = [self.judges[script] for script in self._scripts(text) if script in self.judges]
        asked = asked or list(self.judges.values())[:1]
        verdicts = [judge.verdict(text, among) for judge in asked]
        return max(verdicts, key=lambda verdict: verdict.best, default=Verdict())

    def strangers(self, text: str) -> float:
        """The share of words in a text in normal form that are of no language that was taught; none of Chinese characters."""
        latin, words = self.judges.get("latin"), text.split()
        if latin is None or not words or is_cjk(text):
            return 0.0
        return sum(map(latin.strange, words)) / len(words)

    def _scripts(self, text: str) -> tuple[str, ...]:
        """Of whom to ask. Words that are no words but syllables are pinyin; short ones may be either ("can", "me")."""
        if is_cjk(text):
            return ("han",)
        words = text.split()
        if not words or not all(map(typed, words)):
            return ("latin",)
        latin = self.judges.get("latin")
        unknown = [word for word in words if len(word) >= _LONG and latin and not latin.knows(word)]
        return ("han",) if unknown else ("latin", "han")


def dealt(lessons: Sequence[Lesson]) -> dict[str, list[Lesson]]:
    """Script to what its judge learns. Pinyin and other latin words taught with Chinese serve both; an intent's own name,
    where it is made of words, is one more phrase of it."""
    latin = [lesson for lesson in lessons if not is_cjk(lesson.text)]
    names = [name for intent in sorted({lesson.intent for lesson in latin}) if (name := _named(intent))]
    return {"han": [lesson for lesson in lessons if lesson.script == "han"], "latin": latin + names}


def _named(intent: str) -> Lesson | None:
    words = intent.replace("_", " ").casefold()
    return Lesson(words, intent, han=False) if _WORDS.fullmatch(words) else None
