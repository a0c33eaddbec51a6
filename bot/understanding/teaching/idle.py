"""Phrases that add nothing: others of the same intent say all that they say, but for a typing slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import normalise
from bot.understanding.phrases import PhraseFile, variants

SAME = 95
"""The rapidfuzz ratio of two wordings from which on one of them is enough."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A phrase that adds nothing."""

    phrase: str
    covered_by: str
    """The phrase that says it already; the same one when it stands there twice."""


def idle(file: PhraseFile, lexicon: Lexicon) -> Iterator[Idle]:
    """The idle phrases of a file, by their words in normal form and plain characters. Of two that say the same the one with fewer wordings is idle, or the later one."""
    yield from (Idle(phrase, phrase) for phrase, times in Counter(file.phrases).items() if times > 1)
    said = {phrase: _normal(phrase, lexicon) for phrase in dict.fromkeys(file.phrases)}
    kept: list[tuple[str, str]] = []
    for phrase in sorted(said, key=lambda phrase: -len(said[phrase])):
        covered_by = _covering(said[phrase], kept)
        if covered_by:
            yield Idle(phrase, covered_by)
        else:
            kept += [(text, phrase) for text in said[phrase]]


def _normal(phrase: str, lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(normalise(lexicon.plain(wording)) for wording in variants(phrase))


def _covering(texts: Sequence[str], kept: Sequence[tuple[str, str]]) -> str:
    """The phrase that says the first of these, when there is one for each of them."""
    known = [text for text, _ in kept]
    covering = ""
    for text in texts:
        near = process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=SAME)
        if near is None:
            return ""
        covering = covering or kept[near[2]][1]
    return covering
