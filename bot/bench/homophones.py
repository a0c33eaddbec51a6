"""Characters that an input method offers for the same, or nearly the same, syllable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.lexicon import load_lexicon
from bot.understanding.syllables import mixed_up

Read = Callable[[str], str | None]
"""Character to its syllable without tone; None for what has none."""


class Homophones(Protocol):
    """What sounds like a character; empty where nothing does."""

    def same(self, char: str) -> Sequence[str]:
        """Other characters of the same syllable, tones aside: they are not typed."""
        ...

    def near(self, char: str) -> Sequence[str]:
        """Characters of a syllable that many speakers don't tell apart from this one."""
        ...


@dataclass(frozen=True, slots=True)
class CommonCharacters:
    """The homophones among some characters, by a given way to read a character aloud."""

    by_syllable: Mapping[str, Sequence[str]]
    read: Read

    def same(self, char: str) -> Sequence[str]:
        """As the protocol says."""
        return [other for other in self.by_syllable.get(self.read(char) or "", ()) if other != char]

    def near(self, char: str) -> Sequence[str]:
        """As the protocol says."""
        return [
            other
            for syllable in mixed_up(self.read(char) or "")
            for other in self.by_syllable.get(syllable, ())
        ]


def common_characters(chars: Iterable[str], read: Read) -> CommonCharacters:
    """The homophones among these characters."""
    by_syllable: dict[str, list[str]] = defaultdict(list)
    for char in chars:
        if syllable := read(char):
            by_syllable[syllable].append(char)
    return CommonCharacters(by_syllable, read)


def level_one() -> Iterator[str]:
    """The 3,755 most common simplified characters: level 1 of GB 2312, its rows 16 to 55, in the order of the table."""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:  # the last row is not full
                return


def chinese() -> CommonCharacters:
    """Each character in its commonest reading."""
    return common_characters(level_one(), load_lexicon().syllable)
