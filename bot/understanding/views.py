"""Views of a message: the pieces by which it can be like a phrase, for each way of looking at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import is_cjk
from bot.understanding.repair import Repair
from bot.understanding.stems import stem
from bot.understanding.syllables import sounds

_WORD = re.compile(r"[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+")
_LETTERS = range(2, 6)
"""Letters a piece of a word has, its two ends counted as letters."""
_CHARACTERS = range(1, 4)
"""Chinese characters, or syllables, that make a piece."""
_WORDS = range(1, 3)


class Views:
    """Takes texts in normal form apart."""

    def __init__(self, lexicon: Lexicon, repair: Repair) -> None:
        self.lexicon = lexicon
        self.repair = repair

    def spelling(self, text: str) -> list[str]:
        """Pieces of words with their ends marked, and runs of one to three Chinese characters."""
        found: list[str] = []
        for run in _WORD.findall(text):
            found += _grams(run, _CHARACTERS) if is_cjk(run) else _grams(f" {run} ", _LETTERS)
        return found

    def wording(self, text: str) -> list[str]:
        """Stems of mended words, alone and with the next one."""
        words = [stem(word) for word in self.repair(text).split() if not is_cjk(word)]
        return [" ".join(words[at : at + size]) for size in _WORDS for at in range(len(words) - size + 1)]

    def sound(self, text: str) -> list[str]:
        """One to three syllables in a row, of characters and of pinyin; none where nothing may be Chinese."""
        heard = sounds(text, self.lexicon.syllable)
        return [" ".join(part) for part in _runs(heard, _CHARACTERS)] if heard else []

    def meaning(self, text: str) -> list[str]:
        """What word vectors are looked up for: mended words, and each Chinese character."""
        return [
            piece
            for word in self.repair(text).split()
            for run in _WORD.findall(word)
            for piece in (run if is_cjk(run) else [run])
        ]


def _grams(text: str, sizes: range) -> Iterator[str]:
    return (text[at : at + size] for size in sizes for at in range(len(text) - size + 1))


def _runs(items: Sequence[str], sizes: range) -> Iterator[Sequence[str]]:
    return (items[at : at + size] for size in sizes for at in range(len(items) - size + 1))
