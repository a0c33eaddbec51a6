"""Phrases that another intent steals: each is read by a model that was taught all phrases but a fifth, itself among these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.understanding.judge import SCRIPTS
from bot.understanding.model import Model
from bot.understanding.phrasebook import Phrasebook, Wording
from bot.understanding.recogniser import Lesson, dealt
from bot.understanding.repair import Repair
from bot.understanding.views import Views

FOLDS = 5
"""Parts the phrases are dealt into; each is read once by a model of the others."""
PARTS = FOLDS * len(SCRIPTS)
"""Parts that `rehearsals` goes through."""
SURE = 0.8
"""A thief's share of belief from which on a phrase counts as stolen: below it stand the ordinary borderline cases."""
_LEAST_INTENTS = 2


@dataclass(frozen=True, slots=True)
class Stolen:
    """A phrase that would go to another intent, were it not taught word by word."""

    language: str
    intent: str
    """Under which it is taught."""
    phrase: str
    """As the owner typed it."""
    thief: str
    """The intent that others of its phrases speak for."""
    share: float
    """Of belief that the thief gets, from 0 to 1."""
    nearest: str
    """The thief's phrase that is spelled most alike."""


def stolen(book: Phrasebook) -> tuple[Stolen, ...]:
    """Every stolen phrase, the surest thefts first."""
    return surest_first(found for part in rehearsals(book) for found in part)


def rehearsals(book: Phrasebook) -> Iterator[tuple[Stolen, ...]]:
    """The same part by part, `PARTS` of them: it takes a while."""
    lots = _lots(book.wordings)
    for script in SCRIPTS:
        for fold in range(FOLDS):
            yield _rehearsal(book, script, lots, fold)


def surest_first(found: Iterable[Stolen]) -> tuple[Stolen, ...]:
    """Each phrase once, with its surest thief."""
    ordered = sorted(found, key=lambda one: (-one.share, one.language, one.intent, one.phrase))
    phrases: dict[tuple[str, str, str], Stolen] = {}
    for one in ordered:
        phrases.setdefault((one.language, one.intent, one.phrase), one)
    return tuple(phrases.values())


def _lots(wordings: Iterable[Wording]) -> dict[tuple[str, str, str], int]:
    """Phrase to its part, dealt out in turn within each file; a phrase's wordings stay together, and never help each
    other."""
    dealt: Counter[tuple[str, str]] = Counter()
    lots: dict[tuple[str, str, str], int] = {}
    for wording in wordings:
        file = (wording.language, wording.intent)
        if _key(wording) not in lots:
            lots[_key(wording)] = dealt[file] % FOLDS
            dealt[file] += 1
    return lots


def _rehearsal(
    book: Phrasebook, script: str, lots: dict[tuple[str, str, str], int], fold: int
) -> tuple[Stolen, ...]:
    kept = [wording for wording in book.wordings if lots[_key(wording)] != fold]
    held = [
        wording
        for wording in book.wordings
        if lots[_key(wording)] == fold and book.lesson(wording).script == script
    ]
    seen = dealt([book.lesson(wording) for wording in kept])[script]
    if not held or len({lesson.intent for lesson in seen}) < _LEAST_INTENTS:
        return ()
    model = _model(seen, book, script)
    same = {lesson.text for lesson in seen}  # the very words, taught once more, can't be stolen
    found = (_theft(wording, model, book) for wording in held if wording.text not in same)
    return tuple(one for one in found if one)


def _theft(wording: Wording, model: Model, book: Phrasebook) -> Stolen | None:
    shares = model.read(wording.text).shares
    best = int(shares.argmax())
    thief, share = model.intents[best], float(shares[best])
    if thief == wording.intent or share < SURE:
        return None
    others = [other for other in book.wordings if other.intent == thief]
    near = process.extractOne(wording.text, [other.text for other in others], scorer=fuzz.ratio)
    return Stolen(
        wording.language, wording.intent, wording.phrase, thief, round(share, 2), others[near[2]].phrase
    )


def _model(seen: Sequence[Lesson], book: Phrasebook, script: str) -> Model:
    texts, lexicon = [lesson.text for lesson in seen], book.lexicon
    views = Views(lexicon, Repair(texts, lexicon.knows))
    return Model.of(texts, [lesson.intent for lesson in seen], views, lexicon, SCRIPTS[script])


def _key(wording: Wording) -> tuple[str, str, str]:
    return wording.language, wording.intent, wording.phrase
