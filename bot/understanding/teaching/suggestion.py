"""What buyers said and the bot had no answer to, as suggestions of what to teach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.domain.meaning import Candidate, Meaning, Sureness
from bot.understanding.normalise import normalise
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.phrases import variants
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.teaching.phrase import as_phrase
from bot.understanding.understand import understand

ALIKE = 85
"""The rapidfuzz ratio from which on two messages are one suggestion."""
GIVING_UP = "escalate"
"""Who taps this gives up on the bot, whatever they wanted: it tells nothing of what they said."""


@dataclass(frozen=True, slots=True)
class Misheard:
    """A message that was not understood."""

    text: str
    tapped: str = ""
    """The intent of the button the buyer tapped then; empty when they tapped none."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Messages alike that are still not understood."""

    phrase: str
    """The most frequent of them, as it may be taught."""
    count: int
    language: str
    intent: str
    """What most buyers tapped then, or else the best guess; empty when there is none."""
    confidence: float
    """Of that intent, by what is taught now."""
    tapped: int
    """How many buyers tapped that intent."""


@dataclass(slots=True)
class _Group:
    phrase: str
    meaning: Meaning
    count: int = 0
    taps: Counter[str] = field(default_factory=Counter)


def suggestions(
    messages: Iterable[Misheard],
    book: Phrasebook,
    thresholds: Thresholds,
    language: str,
    rejected: Iterable[str] = (),
) -> tuple[Suggestion, ...]:
    """The most frequent first, without what is understood by now and what is like a `rejected` phrase. `language` is that
    of messages whose own can't be told."""
    phrases = _phrases(messages)
    groups: dict[str, _Group] = {}
    unwanted = [normalise(phrase) for phrase in rejected]
    for phrase, taps in sorted(phrases.items(), key=lambda item: (-item[1].total(), item[0])):
        text = normalise(phrase)
        if process.extractOne(text, unwanted, scorer=fuzz.ratio, score_cutoff=ALIKE):
            continue
        near = process.extractOne(text, list(groups), scorer=fuzz.ratio, score_cutoff=ALIKE)
        leader = groups[near[0]] if near else _Group(phrase, read(phrase, book, thresholds))
        if leader.meaning.sureness is Sureness.ACT:
            continue
        groups.setdefault(near[0] if near else text, leader)
        leader.count += taps.total()
        leader.taps += taps
    found = (_suggestion(group, language) for group in groups.values())
    return tuple(sorted(found, key=lambda one: (-one.count, one.phrase)))


def read(phrase: str, book: Phrasebook, thresholds: Thresholds) -> Meaning:
    """What a phrase would be taken to mean, were it said."""
    return understand(variants(phrase)[0], book, thresholds, Context())


def _phrases(messages: Iterable[Misheard]) -> dict[str, Counter[str]]:
    """Phrase to how often each intent was tapped then; of spellings with one normal form the first counts for all."""
    spelled: dict[str, str] = {}
    phrases: dict[str, Counter[str]] = {}
    for message in messages:
        phrase = as_phrase(message.text)
        if phrase and (text := normalise(phrase)):
            known = spelled.setdefault(text, phrase)
            phrases.setdefault(known, Counter())[message.tapped] += 1
    return phrases


def _suggestion(group: _Group, language: str) -> Suggestion:
    guesses = group.meaning.candidates
    taps = Counter({intent: n for intent, n in group.taps.items() if intent not in ("", GIVING_UP)})
    ((intent, tapped),) = taps.most_common(1) or [(guesses[0].intent if guesses else "", 0)]
    return Suggestion(
        group.phrase,
        group.count,
        group.meaning.language or language,
        intent,
        _confidence(intent, guesses),
        tapped,
    )


def _confidence(intent: str, guesses: Iterable[Candidate]) -> float:
    return next((guess.confidence for guess in guesses if guess.intent == intent), 0.0)
