"""Phrase templates: what an owner types into ``intents/<lang>/<intent>.yaml``, and the variants it stands for.

``[x]`` is optional, ``(a|b)`` is one of several, ``{order_number}`` stands for what people fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from bot.errors import PhraseError

MAX_VARIANTS = 32
"""The most variants one phrase may stand for: a bound on what a typing slip can cost."""
MAX_LENGTH = 200
AFTER = "after"
"""In place of a slot's value: what follows these words, as it is written, is the value."""
NOT_THOSE = "no"
"""The only value beside `AFTER`: longer words that announce nothing."""
PLACEHOLDERS = {"order_number": "10000000001", "tracking_number": "sf10000000001", "amount": "20"}

_MARKS = re.compile(r"[\[\](){}|]")
_TOKEN = re.compile(r"[\[\]()|]|[^\[\]()|]+")


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """One intent's phrases in one language."""

    language: str
    intent: str
    phrases: tuple[str, ...]
    slots: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Slot to value to what people call that value; under `AFTER` what is followed by it."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Small words that belong to no intent, by what they do (`bot.understanding.words`)."""


def variants(phrase: str) -> tuple[str, ...]:
    """Every wording a phrase stands for; PhraseError when a bracket is open or there are too many."""
    if len(phrase) > MAX_LENGTH:
        raise PhraseError(f"phrase {phrase[:20]!r}… is longer than {MAX_LENGTH} characters")
    if not _MARKS.search(phrase):
        return tuple(filter(None, [" ".join(phrase.split())]))
    tokens = _TOKEN.findall(_filled(phrase))
    found, rest = _sequence(tokens, 0, phrase)
    if rest != len(tokens):
        raise PhraseError(f"phrase {phrase!r}: {tokens[rest]!r} closes nothing")
    return tuple(dict.fromkeys(" ".join(text.split()) for text in found if text.strip()))


def _filled(phrase: str) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[1] not in PLACEHOLDERS:
            raise PhraseError(
                f"phrase {phrase!r}: unknown slot {{{match[1]}}}; there are {sorted(PLACEHOLDERS)}"
            )
        return PLACEHOLDERS[match[1]]

    return re.sub(r"\{(\w*)\}", fill, phrase)


def _sequence(tokens: list[str], at: int, phrase: str) -> tuple[list[str], int]:
    """Alternatives separated by ``|`` from here to the next closing bracket or the end."""
    options: list[str] = []
    parts: list[list[str]] = []
    while at < len(tokens) and tokens[at] not in "])":
        token = tokens[at]
        at += 1
        if token == "|":
            options, parts = options + _joined(parts, phrase), []
        elif token in "[(":
            inner, at = _sequence(tokens, at, phrase)
            if at >= len(tokens) or tokens[at] != {"[": "]", "(": ")"}[token]:
                raise PhraseError(f"phrase {phrase!r}: {token!r} is never closed")
            at += 1
            parts.append([*inner, ""] if token == "[" else inner)
        else:
            parts.append([token])
    return options + _joined(parts, phrase), at


def _joined(parts: list[list[str]], phrase: str) -> list[str]:
    count = 1
    for part in parts:
        count *= len(part)
        if count > MAX_VARIANTS:
            raise PhraseError(f"phrase {phrase!r} stands for more than {MAX_VARIANTS} wordings; split it")
    return ["".join(choice) for choice in product(*parts)]


def wordings(file: PhraseFile) -> Iterator[tuple[str, str]]:
    """Each (wording, phrase it comes from) of a file."""
    for phrase in file.phrases:
        for wording in variants(phrase):
            yield wording, phrase
