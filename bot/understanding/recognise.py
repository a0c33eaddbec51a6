"""Which intent a message has: likeness to the taught phrases, by rapidfuzz.

An intent's score is the mean of its two best wordings (one lucky wording is not enough), over the whole message and
over its clauses. Words that turn a meaning round are weighed apart (`marks`). `WRatio` is not used: its scores tie, and the first phrase would win.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain.meaning import Candidate, Sureness
from bot.understanding.marks import agreement
from bot.understanding.normalise import clauses, normalise
from bot.understanding.phrasebook import Phrasebook, Wording

SMALL_TALK = frozenset({"greeting", "thanks", "affirm", "deny"})
_POLITE = frozenset({"greeting", "thanks"})
"""They stand beside anything: never a rival of what is asked for."""
_OUTWEIGHS = 0.55
"""An ask so sure outweighs the small talk beside it."""
_CLAUSE_WEIGHT = 0.96
"""A clause speaks a little less surely than a whole message."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a best guess is acted on, when it is asked about. Between 0 and 1."""

    act: float = 0.60
    ask: float = 0.50
    margin: float = 0.04
    """How far the best must be ahead of the second to be acted on."""


@dataclass(frozen=True, slots=True)
class Match:
    """How like a wording the message is."""

    score: float
    wording: Wording
    signal: str


def candidates(text: str, book: Phrasebook) -> tuple[Candidate, ...]:
    """The likeliest intents of a message, best first."""
    whole = normalise(text)
    best: dict[str, list[Match]] = defaultdict(list)
    parts = clauses(text)
    matches = list(_matches(whole, book, 1.0, "message"))
    for part in parts if len(parts) > 1 else ():
        matches += _matches(part, book, _CLAUSE_WEIGHT, "clause")
    for match in matches:
        best[match.wording.intent].append(_agreeing(match, text))
    found = sorted((_candidate(matches) for matches in best.values()), key=lambda found: -found.confidence)
    return _light_last(tuple(found))[:_SHOWN]


def sureness(found: tuple[Candidate, ...], thresholds: Thresholds) -> Sureness:
    """Whether to act on the best guess, to ask, or to admit not knowing."""
    if not found or found[0].confidence < thresholds.ask:
        return Sureness.UNKNOWN
    second = next((guess.confidence for guess in found[1:] if guess.intent not in _POLITE), 0.0)
    ahead = found[0].confidence - second >= thresholds.margin or found[0].intent in SMALL_TALK
    if found[0].confidence >= thresholds.act and (ahead or found[0].confidence >= 0.99):
        return Sureness.ACT
    return Sureness.ASK


def _matches(text: str, book: Phrasebook, weight: float, part: str) -> Iterable[Match]:
    if not text:
        return
    if (same := book.exact.get(text)) is not None:
        yield Match(weight, same, f"{part}: same words")
    texts = [wording.text for wording in book.wordings]
    for _, score, index in process.extract(text, texts, scorer=fuzz.ratio, limit=40):
        yield Match(weight * score / 100, book.wordings[index], f"{part}: letters in order")
    if " " in text:
        for _, score, index in process.extract(text, texts, scorer=fuzz.token_sort_ratio, limit=40):
            yield Match(weight * score / 104, book.wordings[index], f"{part}: words in any order")


def _agreeing(match: Match, text: str) -> Match:
    """Less of a match when the message says the reverse of the wording; the same words never do."""
    if match.signal == "message: same words":
        return match
    kept = agreement(text, match.wording.text, match.wording.intent)
    return match if kept == 1.0 else Match(match.score * kept, match.wording, f"{match.signal}, turned round")


def _candidate(matches: list[Match]) -> Candidate:
    """The mean of the two best wordings of an intent; the same words typed are sure by themselves."""
    by_phrase: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: -match.score):
        by_phrase.setdefault(match.wording.phrase, match)
    first, *rest = by_phrase.values()
    same = first.signal.endswith("same words")
    second = rest[0].score if rest and not same else (first.score if same else 0.0)
    return Candidate(
        first.wording.intent, round((first.score + second) / 2, 4), first.wording.phrase, first.signal
    )


def _light_last(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """ "Hello, where is my parcel?" asks for the parcel: small talk yields to a fairly sure ask."""
    if not found or found[0].intent not in SMALL_TALK or not found[0].signal.startswith("clause"):
        return found
    asks = [guess for guess in found if guess.intent not in SMALL_TALK and guess.confidence >= _OUTWEIGHS]
    return (asks[0], *(guess for guess in found if guess is not asks[0])) if asks else found
