"""How words sound: syllables of characters and of pinyin as it is typed, with the ones people mix up taken as one.

Merged: zh/z, ch/c, sh/s; ang/an, eng/en, ing/in; initial n/l. So 退款, 退宽, tui kuan and tuikuan sound alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = (
    "iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|[aeiouv]"
)
_TYPED = re.compile(rf"(?:(?:{_INITIAL})(?:{_FINAL}))+")
_ONE = re.compile(rf"(?:{_INITIAL})(?:{_FINAL})(?=(?:{_INITIAL})(?:{_FINAL})|$)")
_WITH_H = "[zcs]"
"""Initials that many speakers say alike with an h and without."""
_WITH_G = "[aei]n"
"""Finals that many say alike with a g and without."""
_LONGEST = 24
"""Letters of a word that is tried as pinyin."""


@lru_cache(2048)
def merged(syllable: str) -> str:
    """The syllable that stands for all that sound about alike."""
    short = re.sub(rf"^({_WITH_H})h", r"\1", syllable)
    short = re.sub(rf"({_WITH_G})g$", r"\1", short)
    return "l" + short[1:] if short.startswith("n") and len(short) > 1 else short


def mixed_up(syllable: str) -> Iterator[str]:
    """The syllables with z/zh, c/ch, s/sh or an/ang, en/eng, in/ing exchanged; some don't exist in the language."""
    if initial := re.match(rf"({_WITH_H})(h?)", syllable):
        yield initial[1] + ("" if initial[2] else "h") + syllable[initial.end() :]
    if final := re.search(rf"({_WITH_G})(g?)$", syllable):
        yield syllable[: final.start()] + final[1] + ("" if final[2] else "g")


def sounds(text: str, syllable: Callable[[str], str | None]) -> list[str]:
    """The merged syllables of a text in normal form; what is no syllable stays as it is, one item a word.

    `syllable` gives a character's own, None for what has none.
    """
    found: list[str] = []
    for word in _words(text):
        own = syllable(word)
        if own is not None:
            found.append(merged(own))
        else:
            found += typed(word) or (word,)
    return found


def _words(text: str) -> list[str]:
    """Chinese characters one by one, everything else by words."""
    return re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+", text)


@lru_cache(4096)
def typed(word: str) -> tuple[str, ...]:
    """The merged syllables of pinyin as it is typed ("tuikuan"); empty when the word can't be pinyin."""
    if len(word) > _LONGEST or not word.isascii() or not _TYPED.fullmatch(word):
        return ()
    parts = _ONE.findall(word)
    return tuple(merged(part) for part in parts) if "".join(parts) == word else ()
