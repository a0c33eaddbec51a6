"""Words mended against the words that were taught: refnd, refudn, redund and reefund become refund.

Only a word that neither the phrases nor the lexicon know is mended, so that a right word never becomes another. What a
slip costs is what people do: fingers hit the next key, swap two letters, double one, or leave one out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import inf, log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.keyboard import NEIGHBOURS

_NEXT_KEY, _WRONG_KEY, _SWAPPED, _LEFT_OUT, _DOUBLED, _TOO_MANY = 0.75, 1.3, 0.75, 0.85, 0.6, 1.05
_LIGHTEST = min(_NEXT_KEY, _WRONG_KEY, _SWAPPED, _LEFT_OUT, _DOUBLED, _TOO_MANY)
_COMMONER = 0.12
"""What being taught e times as often is worth, in slips."""
_OTHER_BEGINNING = 0.25
"""Slips on top when the first letter is another: people rarely miss it."""
_BEARABLE = 0.34
"""Slips a letter, up to which a word is still taken for the taught one."""
_LEAST, _MOST = 2, 24
_TELLING = 4
"""Letters from which on a word that nobody knows tells that the message is in no language that was taught."""
_KEPT = 20_000
"""Mended words that are remembered."""
_MOST_MENDED = 16
"""Words of one text that are mended, from its beginning. Who slips writes a few such words; a text of nothing else is no
words at all, and looking each of them up is what it would cost most for."""


class Repair:
    """Mends the words of messages."""

    def __init__(self, texts: Iterable[str], known: Callable[[str], bool]) -> None:
        """`texts` are the phrases in normal form; `known` tells words that are right though nobody taught them."""
        counts = Counter(word for text in texts for word in text.split())
        self._counts = {word: count for word, count in counts.items() if _mendable(word)}
        self._of_length: dict[int, list[str]] = {}
        self._known = known
        self._mended: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text with its words mended."""
        words = text.split()
        unknown = [word for word in dict.fromkeys(words) if self._unknown(word)]
        mended = {word: self._word(word) for word in unknown[:_MOST_MENDED]}
        return " ".join(mended.get(word, word) for word in words)

    def strange(self, word: str) -> bool:
        """True for a word that is neither known nor a slip of a taught one; short ones tell nothing."""
        return len(word) >= _TELLING and self._unknown(word) and self._word(word) == word

    def _unknown(self, word: str) -> bool:
        return word not in self._counts and _mendable(word) and not self._known(word)

    def _word(self, word: str) -> str:
        mended = self._mended.get(word)
        if mended is None:
            mended = self._nearest(word)
            if len(self._mended) >= _KEPT:
                self._mended.clear()
            self._mended[word] = mended
        return mended

    def _nearest(self, word: str) -> str:
        allowed = 1 if len(word) < 4 else 2 if len(word) < 8 else 3
        words = self._about_as_long(len(word), allowed)
        near = process.extract(word, words, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        best = (inf, word)
        for taught, edits, _ in near:
            if self._against(_LIGHTEST * edits, word, taught) > best[0]:
                continue  # however its slips are weighed, it is less likely
            cost = slips(word, taught)
            if cost <= _BEARABLE * max(len(word), len(taught), 3) + 0.3:
                best = min(best, (self._against(cost, word, taught), taught))
        return best[1]

    def _against(self, cost: float, word: str, taught: str) -> float:
        """What speaks against a taught word that so much has to go wrong for."""
        return cost - _COMMONER * log(self._counts[taught] + 1) + _OTHER_BEGINNING * (taught[0] != word[0])

    def _about_as_long(self, length: int, allowed: int) -> list[str]:
        """The taught words that so many slips can make of a word of this length."""
        if length not in self._of_length:
            self._of_length[length] = [word for word in self._counts if abs(len(word) - length) <= allowed]
        return self._of_length[length]


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
