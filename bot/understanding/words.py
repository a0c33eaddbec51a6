"""Small words of a language that belong to no intent, as the phrase files teach them under ``words:``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import clauses, is_cjk, normalise
from bot.understanding.phrases import PhraseFile, variants

MORE, AND, EMPTY, REFUSE, SUM, SUM_END = "more", "and", "empty", "refuse", "sum", "sum_end"
POINTS = "points"
KINDS = (MORE, AND, EMPTY, REFUSE, SUM, SUM_END, POINTS)
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Words:
    """The small words of all languages together, ready to be looked for in normal forms."""

    more: re.Pattern[str] = _NEVER
    """How a clause begins that asks for one thing more: 顺便, "and also"."""
    links: re.Pattern[str] = _NEVER
    """What may stand between two asks, or between any two words."""
    empty: re.Pattern[str] = _NEVER
    """What says nothing beside a product's name: 那个, "my", stops and spaces."""
    sum: re.Pattern[str] = _NEVER
    """What stands right before a sum that is asked for, though no currency is said: 赔我, "at least"."""
    sum_end: re.Pattern[str] = _NEVER
    """What may stand right behind it, besides a stop: 就行, "back"."""
    points: re.Pattern[str] = _NEVER
    """What may stand behind the figure of a score: 分, "stars"."""
    no: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    """Language to its words that refuse. Chinese and English have none here: their grammar of it is in `marks`."""

    @classmethod
    def of(cls, files: Iterable[PhraseFile], lexicon: Lexicon) -> Words:
        """What these files teach."""
        told: dict[str, list[str]] = {kind: [] for kind in KINDS}
        no: dict[str, list[str]] = {}
        for file in files:
            for kind, words in file.words.items():
                found = [
                    text
                    for word in words
                    for each in variants(word)
                    if (text := normalise(lexicon.plain(each)))
                ]
                told[kind] += found
                if kind == REFUSE and found:
                    no.setdefault(file.language, []).extend(found)
        more, linking, empty, points = (_any(told[kind]) for kind in (MORE, AND, EMPTY, POINTS))
        return cls(
            re.compile(rf"(?:(?:{linking}) ?)?(?:{more})"),
            re.compile(f"{more}|{linking}"),
            re.compile(rf"(?:{empty})+|[\s\W]+", re.IGNORECASE),
            re.compile(_any(told[SUM])),
            re.compile(_any(told[SUM_END])),
            re.compile(rf"\s*(?:{points})", re.IGNORECASE),
            {language: re.compile(_any(words)) for language, words in no.items()},
        )

    def refuses(self, text: str, wording: str, language: str) -> bool:
        """True when what of a text is most like this wording has a no in it, and the wording none.

        Normal forms; the clause tells: in "it has not come, I want my money back" the no is none of the money.
        """
        pattern = self.no.get(language)
        if pattern is None or pattern.search(wording):
            return False
        parts = clauses(text, 1) or (normalise(text),)
        shared = [len(set(part.split()) & set(wording.split())) for part in parts]
        return pattern.search(parts[shared.index(max(shared))]) is not None


def _any(words: Iterable[str]) -> str:
    """One of these words as a pattern, the longest first: Chinese anywhere, letters as words of their own."""
    told = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) if is_cjk(word) else rf"\b{re.escape(word)}\b" for word in told) or "(?!)"
