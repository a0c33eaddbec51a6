"""What comes first of all that a message may ask for: small talk yields to an ask, a story to the wish told with it, and
clauses that plainly ask for different things are wishes of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.meaning import Candidate
from bot.understanding.words import Words

POLITE = frozenset({"greeting", "thanks", "goodbye"})
"""They stand beside anything: never a rival of what is asked for."""
ANSWERS = frozenset({"affirm", "deny"})
"""A yes and a no."""
SMALL_TALK = POLITE | ANSWERS
STORIES = frozenset(
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
WISHES = frozenset(
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
ONE_MATTER = (
    WISHES - {"complaint", "escalate", "platform_intervention"}
    | {
        "change_refund",
        "price_protection",
        "refund_how_long",
        "refund_status",
        "return_policy",
        "return_shipment",
        "seller_refused",
    },
    frozenset(
        {
            "exchange_goods",
            "hurry_parcel",
            "refuse_delivery",
            "request_refund",
            "return_goods",
            "track_parcel",
        }
    ),
    frozenset({"exchange_goods", "size_advice"}),
)
"""What is said of one matter: two of a set are one ask told twice ("money back, how long does it take"), or one is why the
other is asked for ("where is it? I want my money back"), unless a clause says it is one thing more."""
LOUD = frozenset(
    {
        "bot_identity",
        "complaint",
        "counterfeit",
        "escalate",
        "feedback",
        "platform_intervention",
        "review_bad",
        "review_good",
    }
)
"""They say how much something is wanted, or what is thought of it, and stand beside any ask; they are none of two."""
_COMPLAINED_BESIDE = frozenset({"exchange_goods", "request_refund", "return_goods"})
"""To ask for one of these and say that it is a complaint is to ask for two things."""
_COMPLAINS = re.compile(r"投诉|举报|compla|complian")
"""What a phrase says that names what it wants; any other only scolds."""
_PLAINLY = 0.95
"""A clause so sure asks for something by itself, if the message as a whole hints at it too."""
HINTED = 0.0015
"""What the message as a whole must give an intent, of what it gives the likeliest: "return this. how do I do that?" is no
question how something works, though its end alone is."""
_WISHED = 0.5
"""A wish so sure comes before the story beside it."""
_INSTEAD = 0.75
"""So sure a clause must be to be asked for in place of what the message as a whole refuses."""
_OUTWEIGHS = 0.35
"""An ask so sure outweighs the small talk beside it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent that a message, or a clause of it, may have."""

    intent: str
    chance: float
    """By the message, or the clause, alone."""
    phrase: str
    """The nearest one that was taught."""
    weight: float = 1.0
    """What the chance counts for beside other guesses."""
    of_clause: bool = False
    carried: str = ""
    """The view that speaks for it most (`Views`)."""
    same: bool = False
    """The phrase has the very words."""
    turned: bool = False
    """The words refuse what the phrase asks for, or the other way round."""
    odds: float = 1.0
    """What the chance was multiplied with, in odds, for what is known besides the words."""

    @property
    def confidence(self) -> float:
        """The chance, weighed."""
        return round(self.weight * self.chance, 4)

    @property
    def candidate(self) -> Candidate:
        """As it is told to others."""
        by = "same words" if self.same else self.carried
        how = f": {by}{', turned round' if self.turned else ''}"
        expected = "" if self.odds == 1 else f", odds ×{self.odds:g}"
        signal = f"{'clause' if self.of_clause else 'message'}{how}{expected}"
        return Candidate(self.intent, self.confidence, self.phrase, signal, self.turned)


@dataclass(frozen=True, slots=True)
class Told:
    """A clause."""

    guess: Guess
    """The likeliest."""
    more: bool
    """It says that it is one thing more ("also …", 顺便…)."""
    hinted: bool
    """The message as a whole may ask for it too."""


def asks(clause: str, words: Words) -> tuple[str, ...]:
    """The parts of a clause in normal form that may be asks: what stands before, between and behind words that link."""
    starts = [0, *(link.start() for link in words.links.finditer(clause) if link.start())]
    parts = (clause[at:end].strip() for at, end in zip(starts, [*starts[1:], len(clause)], strict=True))
    return tuple(part for part in parts if part)


def light_last(found: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """ "Hello, where is my parcel?" asks for the parcel: a clause of small talk yields to a fairly sure ask."""
    if not found or found[0].intent not in SMALL_TALK or not found[0].of_clause:
        return found
    asks = (guess for guess in found if guess.intent not in SMALL_TALK and guess.confidence >= _OUTWEIGHS)
    return _led_by(next(asks, found[0]), found)


def wish_first(found: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """ "It broke after a day, money back": the money is asked for, the fault is why. A clause that tells the wish then
    counts in full; one that refuses a thing wishes for nothing."""
    if not found or found[0].intent not in STORIES:
        return found
    wished = (
        guess
        for guess in found
        if guess.intent in WISHES and not guess.turned and guess.confidence >= _WISHED
    )
    wish = next(wished, None)
    return _led_by(wish, found, replace(wish, weight=1.0)) if wish else found


def instead_of_refused(found: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """ "I don't want a refund, where is my parcel?": what is refused leads nothing, where a clause plainly asks for something
    else; that clause then counts in full."""
    if not found or not found[0].turned:
        return found
    asked = (
        guess
        for guess in found
        if guess.of_clause
        and not guess.turned
        and guess.chance >= _INSTEAD
        and guess.intent not in SMALL_TALK | STORIES | LOUD
    )
    ask = next(asked, None)
    return _led_by(ask, found, replace(ask, weight=1.0)) if ask else found


def wishes(told: Iterable[Told], act: float) -> tuple[str, ...]:
    """What a message asks for, in order, when it is more than one thing and each is at least so sure.

    Most clauses tell why something is asked for, or what is not wanted. One adds a wish where it says so, and where it and
    those before it plainly ask for different things.
    """
    asked: list[Told] = []
    for each in told:
        if each.guess.chance < act or each.guess.turned or each.guess.intent in SMALL_TALK | STORIES:
            continue
        if (each.more and asked) or all(_apart(each, other) for other in asked):
            asked.append(each)
    found = tuple(dict.fromkeys(each.guess.intent for each in asked))
    return found if len(found) > 1 else ()


def led_by_wish(
    found: tuple[Candidate, ...], told: Iterable[Told], asked: tuple[str, ...]
) -> tuple[Candidate, ...]:
    """The first of several wishes before all else, as its own clause tells it where the message as a whole does not."""
    if not asked:
        return found
    first = next((guess for guess in found if guess.intent == asked[0] and not guess.turned), None)
    first = first or next(each.guess.candidate for each in told if each.guess.intent == asked[0])
    return (first, *(guess for guess in found if guess.intent != asked[0]))


def may_be_several(asked: Sequence[tuple[Guess, bool]]) -> bool:
    """False where clauses, each with whether it says that it is one thing more, are one wish at most: most messages."""
    plain = {guess.intent for guess, _ in asked if guess.chance >= _PLAINLY} - SMALL_TALK - STORIES
    plain -= LOUD - {"complaint"}
    return len(plain) > 1 or any(more for _, more in asked)


def _apart(one: Told, other: Told) -> bool:
    """True for clauses that plainly ask for different things."""
    plain = all(each.hinted and each.guess.chance >= _PLAINLY for each in (one, other))
    intents = {one.guess.intent, other.guess.intent}
    if intents & LOUD and not (intents & _COMPLAINED_BESIDE and all(map(_says_so, (one, other)))):
        return False
    return plain and not any(intents <= matter for matter in ONE_MATTER)


def _says_so(told: Told) -> bool:
    """False for a loud clause that is no complaint, or does not say that it is one ("worst service ever")."""
    said = told.guess.intent == "complaint" and _COMPLAINS.search(told.guess.phrase) is not None
    return said or told.guess.intent not in LOUD


def _led_by(first: Guess, found: tuple[Guess, ...], shown: Guess | None = None) -> tuple[Guess, ...]:
    return (shown or first, *(guess for guess in found if guess is not first))
