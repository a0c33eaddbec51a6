"""What teaching changes: messages and taught phrases that are understood differently after than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.meaning import Sureness
from bot.understanding.phrasebook import Phrasebook, Wording
from bot.understanding.recognise import Thresholds
from bot.understanding.teaching.suggestion import read


@dataclass(frozen=True, slots=True)
class Change:
    """One text, understood differently."""

    text: str
    before: str
    after: str
    worse: bool = False
    """A taught phrase that would no longer be taken for its own intent, but for its very words."""


@dataclass(frozen=True, slots=True)
class Effect:
    """All that changes."""

    messages: tuple[Change, ...]
    """Of the messages that were not understood: what would be done with them."""
    phrases: tuple[Change, ...]
    """Of the taught phrases: the intent their words speak for, leaving aside that these very words are taught."""


def effect(before: Phrasebook, after: Phrasebook, messages: Iterable[str], thresholds: Thresholds) -> Effect:
    """What these messages and the phrases of `before` mean in one phrasebook and in the other."""
    return Effect(tuple(_messages(before, after, messages, thresholds)), tuple(_phrases(before, after)))


def _messages(
    before: Phrasebook, after: Phrasebook, messages: Iterable[str], thresholds: Thresholds
) -> Iterator[Change]:
    for text in messages:
        was, becomes = (_done(text, book, thresholds) for book in (before, after))
        if was != becomes:
            yield Change(text, was, becomes)


def _done(text: str, book: Phrasebook, thresholds: Thresholds) -> str:
    """What the bot would do with a message, in words."""
    meaning = read(text, book, thresholds)
    if meaning.sureness is Sureness.UNKNOWN:
        return "not understood"
    best = meaning.candidates[0].intent
    return best if meaning.sureness is Sureness.ACT else f"asks whether {best}"


def _phrases(before: Phrasebook, after: Phrasebook) -> Iterator[Change]:
    told: set[str] = set()
    for wording in before.wordings:
        was, becomes = _spoken_for(wording, before), _spoken_for(wording, after)
        if was != becomes and wording.phrase not in told:
            told.add(wording.phrase)
            yield Change(wording.phrase, was, becomes, worse=was == wording.intent)


def _spoken_for(wording: Wording, book: Phrasebook) -> str:
    judge = book.recogniser.judges.get(book.lesson(wording).script)
    if judge is None:
        return ""
    return judge.model.intents[int(judge.model.read(wording.text).scores.argmax())]
