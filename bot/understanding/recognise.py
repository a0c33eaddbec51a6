"""Which intent a message has, over the message as a whole and over its clauses.

The recogniser weighs all phrases; rapidfuzz finds the phrase that is nearest, which is shown as the reason, and with which
the words that turn a meaning round are compared (`marks`). `WRatio` is not used: its scores tie, and the first phrase
would win.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.domain.meaning import Candidate, Sureness
from bot.understanding.marks import agreement
from bot.understanding.normalise import clauses, normalise
from bot.understanding.phrasebook import Phrasebook, Wording

SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "affirm", "deny"})
_POLITE = frozenset({"greeting", "thanks", "goodbye"})
"""They stand beside anything: never a rival of what is asked for."""
_STORY = frozenset(
    {
        "not_as_described",
        "parcel_damaged",
        "parcel_lost",
        "quality_issue",
        "signed_not_received",
        "wrong_or_missing_item",
    }
)
"""They tell what happened; a wish told beside them is what is asked for."""
_WISHES = frozenset(
    {
        "complaint",
        "escalate",
        "exchange_goods",
        "partial_refund",
        "platform_intervention",
        "request_refund",
        "return_goods",
        "revoke_refund",
        "warranty_repair",
    }
)
_WISHED = 0.5
"""A wish so sure comes before the story beside it."""
_OUTWEIGHS = 0.35
"""An ask so sure outweighs the small talk beside it."""
_CLAUSE_WEIGHT = 0.6
"""A clause speaks a little less surely than a whole message."""
_SAME_CLAUSE_WEIGHT = 0.8
"""One that is a taught phrase speaks more surely."""
_MOST_CLAUSES = 5
_ONE_MORE = re.compile(
    r"另外|顺便|還有|还有|还想|还要|我还|再帮我|也帮我|同时|不行就|不然就|要不就"
    r"|(?:and )?(?:also|plus|besides|another thing|one more thing|by the way|btw|if not|otherwise|i also|can you also)\b"
)
"""How a clause begins that asks for one thing more."""
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
    told: tuple[tuple[Candidate, bool], ...] = ()
    """The likeliest of each clause, and whether it is told as one thing more ("also …", 顺便…); none of a single clause."""


def recognise(text: str, book: Phrasebook) -> Recognised:
    """The intents of a message in plain characters."""
    parts = clauses(text)[:_MOST_CLAUSES]
    best = {guess.intent: guess for guess in _guesses(normalise(text), text, book, "message")}
    of_parts = [list(_guesses(part, part, book, "clause")) for part in parts] if len(parts) > 1 else []
    for guess in (guess for guesses in of_parts for guess in guesses):
        weight = _SAME_CLAUSE_WEIGHT if guess.confidence == _SAME_WORDS else _CLAUSE_WEIGHT
        less = replace(guess, confidence=round(weight * guess.confidence, 4))
        if less.intent not in best or less.confidence > best[less.intent].confidence:
            best[less.intent] = less
    found = tuple(sorted(best.values(), key=lambda guess: -guess.confidence))
    told = tuple(
        (guesses[0], _ONE_MORE.match(part) is not None)
        for part, guesses in zip(parts, of_parts, strict=False)
        if guesses
    )
    return Recognised(_wish_first(_light_last(found))[:_SHOWN], told)


def sureness(found: tuple[Candidate, ...], thresholds: Thresholds) -> Sureness:
    """Whether to act on the best guess, to ask, or to admit not knowing."""
    if not found or found[0].confidence < thresholds.ask:
        return Sureness.UNKNOWN
    aside = _POLITE | (_STORY if found[0].intent in _WISHES else frozenset())
    second = next((guess.confidence for guess in found[1:] if guess.intent not in aside), 0.0)
    ahead = found[0].confidence - second >= thresholds.margin or found[0].intent in SMALL_TALK
    if found[0].confidence >= thresholds.act and (ahead or found[0].confidence >= 0.99):
        return Sureness.ACT
    return Sureness.ASK


def wishes(found: Recognised, thresholds: Thresholds) -> tuple[str, ...]:
    """What a message asks for, in order, when it is more than one thing and each is sure.

    Clauses by themselves are no sign of that: most tell why, or what is not wanted. Only a clause that says so adds one.
    """
    sure = [
        (each.intent, more)
        for each, more in found.told
        if each.confidence >= thresholds.act and each.intent not in SMALL_TALK | _STORY
    ]
    if not any(more for _, more in sure) or all(more for _, more in sure):
        return ()
    asked = tuple(dict.fromkeys(intent for intent, _ in sure))
    return asked if len(asked) > 1 else ()


def _guesses(normal: str, text: str, book: Phrasebook, part: str) -> Iterator[Candidate]:
    """The likeliest intents of a message or a clause of it, best first."""
    same = book.exact.get(normal)
    if all(word.isascii() and any(map(str.isdigit, word)) for word in normal.split()) and (
        same is None or "{" in same.phrase
    ):
        return  # a number alone answers a question, it asks for nothing
    if same is not None and same.intent != NONE:
        yield Candidate(same.intent, _SAME_WORDS, same.phrase, f"{part}: same words")
    for intent, chance in book.recogniser.verdict(normal).chances[:_SHOWN]:
        if intent == NONE or (same is not None and same.intent == intent):
            continue
        if chance < _WORTH_A_LOOK:
            break
        near = _nearest(normal, book.of_intent[intent])
        kept = agreement(text, near.text, intent)
        left = chance * kept * (1.0 if same is None else 1 - _SAME_WORDS)
        signal = part if kept == 1.0 else f"{part}, turned round"
        yield Candidate(intent, round(left, 4), near.phrase, signal)


def _nearest(text: str, wordings: Mapping[Wording, str]) -> Wording:
    nearest: Wording = process.extractOne(text, wordings, scorer=fuzz.ratio)[2]
    return nearest


def _light_last(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """ "Hello, where is my parcel?" asks for the parcel: small talk yields to a fairly sure ask."""
    if not found or found[0].intent not in SMALL_TALK or not found[0].signal.startswith("clause"):
        return found
    asks = [guess for guess in found if guess.intent not in SMALL_TALK and guess.confidence >= _OUTWEIGHS]
    return (asks[0], *(guess for guess in found if guess is not asks[0])) if asks else found


def _wish_first(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """ "It broke after a day, money back": the money is asked for, the fault is why."""
    if not found or found[0].intent not in _STORY:
        return found
    wished = [guess for guess in found if guess.intent in _WISHES and guess.confidence >= _WISHED]
    if not wished:
        return found
    alone = replace(wished[0], confidence=min(wished[0].confidence / _CLAUSE_WEIGHT, _SAME_WORDS))
    return (alone, *(guess for guess in found if guess is not wished[0]))
