"""Words mended against the words that were taught: refnd, refudn, redund and reefund become refund.

Only a word that neither the phrases nor the lexicon know is mended, so that a right word never becomes another. What a
slip costs is what people do: fingers hit the next key, swap two letters, double one, or leave one out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.keyboard import NEIGHBOURS

_NEXT_KEY, _WRONG_KEY, _SWAPPED, _LEFT_OUT, _DOUBLED, _TOO_MANY = 0.75, 1.3, 0.75, 0.85, 0.6, 1.05
_COMMONER = 0.12
"""What being taught e times as often is worth, in slips."""
_OTHER_BEGINNING = 0.25
"""Slips on top when the first letter is another: people rarely miss it."""
_BEARABLE = 0.34
"""Slips a letter, up to which a word is still taken for the taught one."""
_LEAST, _MOST = 2, 24
_KEPT = 20_000
"""Mended words that are remembered."""


class Repair:
    """Mends the words of messages."""

    def __init__(self, texts: Iterable[str], known: Callable[[str], bool]) -> None:
        """`texts` are the phrases in normal form; `known` tells words that are right though nobody taught them."""
        counts = Counter(word for text in texts for word in text.split())
        self._counts = {word: count for word, count in counts.items() if _mendable(word)}
        self._words = list(self._counts)
        self._known = known
        self._mended: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text with its words mended."""
        return " ".join(map(self._word, text.split()))

    def _word(self, word: str) -> str:
        if word in self._counts or not _mendable(word) or self._known(word):
            return word
        mended = self._mended.get(word)
        if mended is None:
            mended = self._nearest(word)
            if len(self._mended) >= _KEPT:
                self._mended.clear()
            self._mended[word] = mended
        return mended

    def _nearest(self, word: str) -> str:
        allowed = 1 if len(word) < 4 else 2 if len(word) < 8 else 3
        near = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        costs = [(slips(word, taught), taught) for taught, _, _ in near]
        likely = [
            (
                cost - _COMMONER * log(self._counts[taught] + 1) + _OTHER_BEGINNING * (taught[0] != word[0]),
                taught,
            )
            for cost, taught in costs
            if cost <= _BEARABLE * max(len(word), len(taught), 3) + 0.3
        ]
        return min(likely, default=(0.0, word))[1]


def slips(typed: str, meant: str) -> float:
    """How much has to go wrong for `meant` to be typed so: edit distance with swaps, each slip weighed by how common it is."""
    before: list[float] = []
    row = [_LEFT_OUT * at for at in range(len(meant) + 1)]
    for i, letter in enumerate(typed, 1):
        last, row_before = typed[i - 2] if i > 1 else "", row
        row = [_TOO_MANY * i]
        for j, right in enumerate(meant, 1):
            changed = (
                0.0 if letter == right else _NEXT_KEY if right in NEIGHBOURS.get(letter, "") else _WRONG_KEY
            )
            least = min(
                row_before[j - 1] + changed,
                row[j - 1] + (_DOUBLED if j > 1 and right == meant[j - 2] else _LEFT_OUT),
                row_before[j] + (_DOUBLED if letter == last else _TOO_MANY),
            )
            if i > 1 and j > 1 and letter == meant[j - 2] and last == right and letter != right:
                least = min(least, before[j - 2] + _SWAPPED)
            row.append(least)
        before = row_before
    return row[-1]


def _mendable(word: str) -> bool:
    return _LEAST <= len(word) <= _MOST and word.isascii() and word.isalpha()
