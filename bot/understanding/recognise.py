"""Which intent a message has, over the message as a whole and over its clauses.

The recogniser weighs all phrases; rapidfuzz finds the phrase that is nearest, which is shown as the reason, and with which
the words that turn a meaning round are compared (`marks`). `WRatio` is not used: its scores tie, and the first phrase
would win.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.domain.meaning import Candidate, Sureness
from bot.understanding.marks import REFUSED, agree, names_nothing
from bot.understanding.normalise import both_ends, clauses, normalise
from bot.understanding.phrasebook import Phrasebook, Wording
from bot.understanding.precedence import (
    ANSWERS,
    HINTED,
    POLITE,
    SMALL_TALK,
    STORIES,
    WISHES,
    Guess,
    Told,
    asks,
    instead_of_refused,
    light_last,
    may_be_several,
    wish_first,
)

_CLAUSE_WEIGHT = 0.6
"""A clause speaks a little less surely than a whole message."""
_SAME_CLAUSE_WEIGHT = 0.8
"""One that is a taught phrase speaks more surely."""
_TURNED_WEIGHT = 0.6
"""What is left of a chance when the words and the nearest phrase disagree about a mark that turns the meaning round."""
_STRANGE, _STRANGE_WEIGHT = 0.34, 0.3
"""From this share of words on that nobody knows, a yes or a no is hardly meant: "no tengo respuesta"; and what is left of its
chance."""
_MOST_CLAUSES = 5
_CLAUSES_WITHIN = 240
"""Characters of a message, at its two ends, in which clauses are read by themselves. Each costs what a message of its length
costs, and most messages are shorter; of a longer one the whole leads all the more."""
_SAME_WORDS = 0.99
"""The chance of an intent whose very words were typed."""
_SHOWN = 5
_WORTH_A_LOOK = 0.02
"""Less likely intents are not named at all."""
NONE = "none"
"""What is taught under this name is none of the bot's business: it takes belief from all others."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a best guess is acted on, when it is asked about. Between 0 and 1."""

    act: float = 0.60
    ask: float = 0.25
    margin: float = 0.04
    """How far the best must be ahead of the second to be acted on."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a message may ask for."""

    candidates: tuple[Candidate, ...]
    """The likeliest intents, best first, each with the chance that it is meant."""
    told: tuple[Told, ...] = ()
    """Clause by clause, where these may be different asks."""
    name_alone: bool = False
    """Nothing is said but the name of one of the buyer's own products."""


def recognise(
    text: str,
    book: Phrasebook,
    odds: Mapping[str, float] | None = None,
    names: Callable[[str], bool] = lambda _: False,
) -> Recognised:
    """The intents of a message in plain characters; `odds` are what is known besides its words (see `Context`). A clause that
    only `names` a thing asks for nothing by itself."""
    odds = odds or {}
    parts = clauses(both_ends(text, _CLAUSES_WITHIN))[:_MOST_CLAUSES]
    whole = sorted(_guesses(normalise(text), text, book, odds), key=lambda guess: -guess.confidence)
    best = {guess.intent: guess for guess in whole}
    most = _most_of_clauses(whole)
    several = parts if len(parts) > 1 else ()
    of_parts = [[] if names(part) else list(_of_clause(part, book, most, odds)) for part in several]
    for guess in (guess for guesses in of_parts for guess in guesses):
        if guess.intent not in best or guess.confidence > best[guess.intent].confidence:
            best[guess.intent] = guess
    if len(bare := _said(parts, of_parts, names)) == 1 < len(parts):
        return recognise(bare[0], book, odds)
    found = tuple(sorted(best.values(), key=lambda guess: -guess.confidence))
    ordered = instead_of_refused(wish_first(light_last(found)))[:_SHOWN]
    told = () if whole and whole[0].same else _told(normalise(text), parts, of_parts, book, odds)
    return Recognised(tuple(guess.candidate for guess in ordered), told)


def _said(
    parts: Sequence[str], guessed: Sequence[Sequence[Guess]], names: Callable[[str], bool]
) -> Sequence[str]:
    """Of "hi. the blanket. where is it" what is neither a greeting nor a mere name; all of it where nothing is only named."""
    if len(parts) < 2 or not any(map(names, parts)):
        return parts
    polite = (bool(guesses) and guesses[0].same and guesses[0].intent in POLITE for guesses in guessed)
    return [part for part, small in zip(parts, polite, strict=True) if not small and not names(part)]


def _told(
    normal: str,
    parts: Sequence[str],
    guessed: Sequence[Sequence[Guess]],
    book: Phrasebook,
    odds: Mapping[str, float],
) -> tuple[Told, ...]:
    """What may be asked for, in order, and whether the message as a whole hints at it; nothing of what is one ask at most."""
    found = tuple(_asked(parts, guessed, book, odds))
    if not may_be_several(found):
        return ()
    of_whole = dict(book.judged(normal).chances)
    least = HINTED * max(of_whole.values(), default=0.0)
    return tuple(
        Told(guess, more, guess.same or of_whole.get(guess.intent, 0.0) > least) for guess, more in found
    )


def _asked(
    parts: Sequence[str],
    guessed: Sequence[Sequence[Guess]],
    book: Phrasebook,
    odds: Mapping[str, float],
) -> Iterator[tuple[Guess, bool]]:
    """The likeliest intent of each clause, or of each ask that words link in it; and whether it says it is one thing more."""
    for place, part in enumerate(parts):
        pieces = asks(part, book.words)[:_MOST_CLAUSES]
        if len(pieces) > 1:
            likeliest = [next(_guesses(piece, piece, book, odds), None) for piece in pieces]
        else:
            likeliest = [next(iter(guessed[place]), None)] if guessed else []
        for at, (piece, guess) in enumerate(zip(pieces, likeliest, strict=False)):
            if guess:
                yield guess, at + place > 0 and book.words.more.match(piece) is not None


def sureness(found: tuple[Candidate, ...], thresholds: Thresholds) -> Sureness:
    """Whether to act on the best guess, to ask, or to admit not knowing. What the words refuse is never acted on."""
    if not found or found[0].confidence < thresholds.ask:
        return Sureness.UNKNOWN
    aside = POLITE | (STORIES if found[0].intent in WISHES else frozenset())
    second = next((guess.confidence for guess in found[1:] if guess.intent not in aside), 0.0)
    ahead = found[0].confidence - second >= thresholds.margin or found[0].intent in SMALL_TALK
    sure = found[0].confidence >= thresholds.act and not found[0].turned
    return Sureness.ACT if sure and (ahead or found[0].confidence >= _SAME_WORDS) else Sureness.ASK


def _guesses(normal: str, text: str, book: Phrasebook, odds: Mapping[str, float]) -> Iterator[Guess]:
    """The likeliest intents of a message or a clause of it, best first."""
    same = book.exact.get(normal)
    if all(word.isascii() and any(map(str.isdigit, word)) for word in normal.split()) and (
        same is None or "{" in same.phrase
    ):
        return  # a number alone answers a question, it asks for nothing
    if same is not None and same.intent != NONE:
        at = odds.get(same.intent, 1.0)
        yield Guess(same.intent, _at_odds(_SAME_WORDS, at), same.phrase, same=True, odds=at)
    verdict = book.judged(normal)
    strange = same is None and book.recogniser.strangers(normal) >= _STRANGE
    for (intent, chance), carried in zip(verdict.chances[:_SHOWN], verdict.carried, strict=False):
        if intent == NONE or (same is not None and same.intent == intent):
            continue
        if chance < _WORTH_A_LOOK:
            break
        near = _nearest(normal, book.of_intent[intent])
        at = odds.get(intent, 1.0)
        turned = not agree(text, near.text, intent) and not (at > 1 and names_nothing(normal))
        turned |= intent in REFUSED and book.words.refuses(text, near.text, near.language)
        weight = (_TURNED_WEIGHT if turned else 1.0) * (1.0 if same is None else 1 - _SAME_WORDS)
        weight *= _STRANGE_WEIGHT if strange and intent in ANSWERS else 1.0
        left = _at_odds(chance, at) * weight
        yield Guess(intent, round(left, 4), near.phrase, carried=carried, turned=turned, odds=at)


def _at_odds(chance: float, odds: float) -> float:
    """Bayes' rule in odds: what else is known is taken to be independent of the words."""
    return chance * odds / (1 - chance + chance * odds)


def _most_of_clauses(whole: Sequence[Guess]) -> float:
    """The most confidence a clause may bring: the message as a whole knows better, but where it only says what is not
    wanted, a clause may say what is."""
    return whole[0].confidence if whole and not whole[0].turned else 1.0


def _of_clause(part: str, book: Phrasebook, most: float, odds: Mapping[str, float]) -> Iterator[Guess]:
    for guess in _guesses(part, part, book, odds):
        bounded = min(_CLAUSE_WEIGHT, most / max(guess.chance, most))
        yield replace(guess, weight=_SAME_CLAUSE_WEIGHT if guess.same else bounded, of_clause=True)


def _nearest(text: str, wordings: Mapping[Wording, str]) -> Wording:
    nearest: Wording = process.extractOne(text, wordings, scorer=fuzz.ratio)[2]
    return nearest
