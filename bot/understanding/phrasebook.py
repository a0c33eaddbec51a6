"""The phrasebook: every wording of every intent, normalised and ready to be compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.understanding.alike import Alike
from bot.understanding.announcing import announcing_words
from bot.understanding.judge import Verdict
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import is_cjk, normalise
from bot.understanding.phrases import AFTER, PhraseFile, variants, wordings
from bot.understanding.recogniser import Lesson, Recogniser
from bot.understanding.remembered import remembered
from bot.understanding.words import Words

_START = 4
"""Characters of a needle by which it is looked up."""
_REMEMBERED = 2048
"""Texts whose verdicts are."""


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
    needle: str = field(init=False)
    """What stands in a padded normal form that has the word: Chinese anywhere, letters as words of their own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "needle", self.text if is_cjk(self.text) else f" {self.text} ")


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
    lexicon: Lexicon = field(default_factory=Lexicon)
    recogniser: Recogniser = field(default_factory=Recogniser)
    words: Words = field(default_factory=Words)
    announcing: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    """Slot to the words that its value follows (`announcing_words`)."""

    alike: Alike = field(init=False)
    """The texts of the slot words."""
    slots: tuple[str, ...] = field(init=False)
    """The slots that have words."""
    by_start: Mapping[str, Sequence[tuple[int, SlotWord]]] = field(init=False)
    """The slot words with their places in their order, by the first characters of their needles."""
    answers: tuple[Wording, ...] = field(init=False)
    """What means no or yes; no comes first."""
    answers_alike: Alike = field(init=False)
    """Their texts."""
    of_intent: Mapping[str, Mapping[Wording, str]] = field(init=False)
    """Intent to its wordings, with their texts."""
    judged: Callable[[str], Verdict] = field(init=False, repr=False, compare=False)
    """The recogniser's verdict on a text in normal form. Remembered: many buyers say the same few words."""
    languages: tuple[str, ...] = field(init=False)
    """Every language that has a phrase."""
    spoken: Mapping[str, frozenset[str]] = field(init=False)
    """Languages of a phrase as it was typed, and of each wording's normal form."""

    def __post_init__(self) -> None:
        by_start: dict[str, list[tuple[int, SlotWord]]] = {}
        for place, word in enumerate(self.slot_words):
            by_start.setdefault(word.needle[:_START], []).append((place, word))
        answers = tuple(
            word for intent in ("deny", "affirm") for word in self.wordings if word.intent == intent
        )
        of_intent: dict[str, dict[Wording, str]] = {}
        spoken: dict[str, frozenset[str]] = {}
        for wording in self.wordings:
            of_intent.setdefault(wording.intent, {})[wording] = wording.text
            for said in (wording.text, wording.phrase):
                spoken[said] = spoken.get(said, frozenset()) | {wording.language}
        object.__setattr__(self, "judged", remembered(_REMEMBERED)(self.recogniser.verdict))
        object.__setattr__(self, "of_intent", of_intent)
        object.__setattr__(self, "spoken", spoken)
        object.__setattr__(self, "languages", tuple(dict.fromkeys(each.language for each in self.wordings)))
        object.__setattr__(self, "alike", Alike([word.text for word in self.slot_words]))
        object.__setattr__(self, "slots", tuple(dict.fromkeys(word.slot for word in self.slot_words)))
        object.__setattr__(self, "by_start", by_start)
        object.__setattr__(self, "answers", answers)
        object.__setattr__(self, "answers_alike", Alike([word.text for word in answers]))

    def standing_in(self, padded: str) -> list[SlotWord]:
        """The slot words that a normal form with a space on both sides has, in their order."""
        starts = {padded[at : at + size] for size in range(1, _START + 1) for at in range(len(padded))}
        standing = {
            place: word
            for start in starts & self.by_start.keys()
            for place, word in self.by_start[start]
            if word.needle in padded
        }
        return [standing[place] for place in sorted(standing)]

    def lesson(self, wording: Wording) -> Lesson:
        """What of a wording is learned."""
        return _lesson(wording, self.cjk_languages)


def compile_phrasebook(
    files: Iterable[PhraseFile],
    lexicon: Lexicon | None = None,
    learn: Callable[[Sequence[Lesson], Lexicon], Recogniser] = Recogniser.of,
) -> Phrasebook:
    """Compile phrase files; PhraseError when a phrase can't be read. `learn` may remember what it learned before."""
    files, lexicon = tuple(files), lexicon or Lexicon()
    found = tuple(
        Wording(normal, phrase, file.intent, file.language)
        for file in files
        for text, phrase in wordings(file)
        if (normal := normalise(lexicon.plain(text)))
    )
    book = taught(found, _slot_words(files, lexicon), lexicon, learn, Words.of(files, lexicon))
    return replace(book, announcing=announcing_words(files, lexicon))


def taught(
    found: tuple[Wording, ...],
    slot_words: tuple[SlotWord, ...],
    lexicon: Lexicon,
    learn: Callable[[Sequence[Lesson], Lexicon], Recogniser] = Recogniser.of,
    words: Words | None = None,
) -> Phrasebook:
    """The phrasebook of these wordings."""
    exact: dict[str, Wording] = {}
    for wording in found:
        exact.setdefault(wording.text, wording)
    cjk = _cjk(found)
    lessons = [_lesson(wording, cjk) for wording in found]
    return Phrasebook(found, slot_words, exact, cjk, lexicon, learn(lessons, lexicon), words or Words())


def _lesson(wording: Wording, cjk: Collection[str]) -> Lesson:
    return Lesson(wording.text, wording.intent, wording.language in cjk)


def _slot_words(files: tuple[PhraseFile, ...], lexicon: Lexicon) -> tuple[SlotWord, ...]:
    words = (
        SlotWord(normalise(lexicon.plain(text)), slot, value, file.language)
        for file in files
        for slot, values in file.slots.items()
        if AFTER not in values
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
