"""The phrasebook: every wording of every intent, normalised and ready to be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.understanding.normalise import is_cjk, normalise
from bot.understanding.phrases import PhraseFile, variants, wordings


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of one phrase."""

    text: str
    """Normal form."""
    phrase: str
    """As the owner typed it."""
    intent: str
    language: str


@dataclass(frozen=True, slots=True)
class SlotWord:
    """What people call a slot's value."""

    text: str
    """Normal form."""
    slot: str
    value: str
    language: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All that was taught, compiled."""

    wordings: tuple[Wording, ...] = ()
    slot_words: tuple[SlotWord, ...] = ()
    """Longest first, so that "haven't got it" is found before "got it"."""
    exact: Mapping[str, Wording] = field(default_factory=dict)
    """Normal form to wording."""
    cjk_languages: frozenset[str] = frozenset()
    """Languages written in Chinese characters, by what their own phrases look like."""

    @property
    def intents(self) -> frozenset[str]:
        """Every intent that has a phrase."""
        return frozenset(wording.intent for wording in self.wordings)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that has a phrase."""
        return tuple(dict.fromkeys(wording.language for wording in self.wordings))


def compile_phrasebook(files: Iterable[PhraseFile]) -> Phrasebook:
    """Compile phrase files; PhraseError when a phrase can't be read."""
    files = tuple(files)
    found = tuple(
        Wording(normalise(text), phrase, file.intent, file.language)
        for file in files
        for text, phrase in wordings(file)
        if normalise(text)
    )
    exact: dict[str, Wording] = {}
    for wording in found:
        exact.setdefault(wording.text, wording)
    return Phrasebook(found, _slot_words(files), exact, _cjk(found))


def _slot_words(files: tuple[PhraseFile, ...]) -> tuple[SlotWord, ...]:
    words = (
        SlotWord(normalise(text), slot, value, file.language)
        for file in files
        for slot, values in file.slots.items()
        for value, names in values.items()
        for name in names
        for text in variants(name)
    )
    return tuple(sorted((word for word in words if word.text), key=lambda word: -len(word.text)))


def _cjk(found: tuple[Wording, ...]) -> frozenset[str]:
    counts: dict[str, list[bool]] = {}
    for wording in found:
        counts.setdefault(wording.language, []).append(is_cjk(wording.text))
    return frozenset(language for language, hits in counts.items() if 2 * sum(hits) > len(hits))
