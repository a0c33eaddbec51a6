"""Typing slips put into clean messages: what fingers do to English words, what input methods do to Chinese ones."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.bench.dice import dice
from bot.bench.homophones import Homophones
from bot.understanding.keyboard import NEIGHBOURS

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Slip(StrEnum):
    """A way to mistype."""

    NEIGHBOUR = "neighbour"
    """The key beside the right one."""
    SWAP = "swap"
    """Two letters, or two characters, in the wrong order."""
    DROP = "drop"
    """A letter, or a character, left out."""
    DOUBLE = "double"
    """A letter typed twice."""
    SAME = "same"
    """Another character of the same syllable."""
    NEAR = "near"
    """A character of a syllable that is nearly the same."""


ENGLISH: Mapping[Slip, int] = {Slip.NEIGHBOUR: 40, Slip.SWAP: 25, Slip.DROP: 20, Slip.DOUBLE: 15}
"""Percent of the letters that are hit."""
CHINESE: Mapping[Slip, int] = {Slip.SAME: 45, Slip.NEAR: 15, Slip.DROP: 25, Slip.SWAP: 15}
"""Percent of the characters that are hit."""


def mistyped(text: str, rate: float, seed: int, homophones: Homophones) -> str:
    """The text with each English letter and each Chinese character hit with probability `rate`, 0 to 1.

    Depends on the seed and the text alone, so that a message has the same slips in whatever selection it is.
    """
    chance = dice(seed, text)
    return _han(_WORD.sub(lambda found: _word(found[0], rate, chance), text), rate, chance, homophones)


def has_chinese(text: str) -> bool:
    """True when homophones are needed to mistype it."""
    return _HAN.search(text) is not None


def _word(word: str, rate: float, chance: random.Random) -> str:
    for _ in range(sum(chance.random() < rate for _ in word)):
        word = _LETTERS[_drawn(ENGLISH, chance)](word, chance) or neighbour(word, chance)
        if not any(map(str.isalpha, word)):
            break
    return word


def neighbour(word: str, chance: random.Random) -> str:
    """One letter replaced by one of a key beside it, in the same case."""
    at = chance.choice(_letters(word))
    hit = chance.choice(NEIGHBOURS[word[at].lower()])
    return word[:at] + (hit.upper() if word[at].isupper() else hit) + word[at + 1 :]


def _swapped(word: str, chance: random.Random) -> str:
    """Two different letters side by side in the wrong order; nothing where there are none."""
    pairs = [
        at
        for at in range(len(word) - 1)
        if word[at : at + 2].isalpha() and word[at].lower() != word[at + 1].lower()
    ]
    if not pairs:
        return ""
    at = chance.choice(pairs)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, chance: random.Random) -> str:
    """One letter left out; nothing for a word of one letter."""
    at = chance.choice(_letters(word))
    return word[:at] + word[at + 1 :]


def _doubled(word: str, chance: random.Random) -> str:
    at = chance.choice(_letters(word))
    return word[: at + 1] + word[at:]


def _letters(word: str) -> list[int]:
    return [at for at, char in enumerate(word) if char.isalpha()]


_LETTERS: Mapping[Slip, Callable[[str, random.Random], str]] = {
    Slip.NEIGHBOUR: neighbour,
    Slip.SWAP: _swapped,
    Slip.DROP: _dropped,
    Slip.DOUBLE: _doubled,
}


def _han(text: str, rate: float, chance: random.Random, homophones: Homophones) -> str:
    """Each Chinese character hit by itself; where its slip can't be made it becomes a homophone, or stays."""
    cells = list(text)
    for at in [match.start() for match in _HAN.finditer(text)]:
        if chance.random() >= rate:
            continue
        slip = _drawn(CHINESE, chance)
        if slip is Slip.SWAP and _may_swap(text, at):
            cells[at], cells[at + 1] = cells[at + 1], cells[at]
        elif slip is Slip.DROP and sum(map(len, cells)) > 1:
            cells[at] = ""
        else:
            cells[at] = _homophone(text[at], slip, chance, homophones) or cells[at]
    return "".join(cells)


def _may_swap(text: str, at: int) -> bool:
    following = text[at + 1 : at + 2]
    return has_chinese(following) and following != text[at]


def _homophone(char: str, slip: Slip, chance: random.Random, homophones: Homophones) -> str:
    found = (homophones.near(char) if slip is Slip.NEAR else ()) or homophones.same(char)
    return chance.choice(found) if found else ""


def _drawn(shares: Mapping[Slip, int], chance: random.Random) -> Slip:
    return chance.choices(list(shares), list(shares.values()))[0]
