"""Characters that an input method offers for the same, or nearly the same, syllable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

_INITIALS = ("z", "c", "s")
_FINALS = ("an", "en", "in")


class Homophones(Protocol):
    """What sounds like a character; empty where nothing does."""

    def same(self, char: str) -> Sequence[str]:
        """Other characters of the same syllable, tones aside: they are not typed."""
        ...

    def near(self, char: str) -> Sequence[str]:
        """Characters of a syllable that many speakers don't tell apart from this one."""
        ...


def near_syllables(syllable: str) -> Iterator[str]:
    """The syllables with z/zh, c/ch, s/sh or an/ang, en/eng, in/ing exchanged; some don't exist in the language."""
    if syllable[:1] in _INITIALS:
        yield syllable[0] + (syllable[2:] if syllable[1:2] == "h" else "h" + syllable[1:])
    if syllable.endswith(_FINALS):
        yield syllable + "g"
    elif syllable.endswith(tuple(final + "g" for final in _FINALS)):
        yield syllable[:-1]


@dataclass(frozen=True)
class CommonCharacters:
    """The homophones among some characters, by a given way to read a character aloud."""

    by_syllable: dict[str, tuple[str, ...]]
    read: Callable[[str], str]
    """Character to its syllable without tone."""

    def same(self, char: str) -> Sequence[str]:
        """As the protocol says."""
        return [other for other in self.by_syllable.get(self.read(char), ()) if other != char]

    def near(self, char: str) -> Sequence[str]:
        """As the protocol says."""
        return [
            other
            for syllable in near_syllables(self.read(char))
            for other in self.by_syllable.get(syllable, ())
        ]


def common_characters(chars: Iterable[str], read: Callable[[str], str]) -> CommonCharacters:
    """The homophones among these characters."""
    by_syllable: dict[str, list[str]] = defaultdict(list)
    for char in chars:
        by_syllable[read(char)].append(char)
    return CommonCharacters({syllable: tuple(found) for syllable, found in by_syllable.items()}, read)


def level_one() -> Iterator[str]:
    """The 3,755 most common simplified characters: level 1 of GB 2312, its rows 16 to 55, in the order of the table."""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:  # the last row is not full
                return


@cache
def chinese() -> CommonCharacters:
    """By pypinyin's dictionary, each character in its first reading; ModuleNotFoundError without pypinyin."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- benchmark-only, and only for Chinese

    return common_characters(level_one(), cache(lambda char: str(lazy_pinyin(char)[0])))
