"""What comes first of all that a message may ask for: small talk yields to an ask, a story to the wish told with it, and a
clause that says so adds a second wish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.meaning import Candidate

POLITE = frozenset({"greeting", "thanks", "goodbye"})
"""They stand beside anything: never a rival of what is asked for."""
SMALL_TALK = POLITE | {"affirm", "deny"}
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
_WISHED = 0.5
"""A wish so sure comes before the story beside it."""
_OUTWEIGHS = 0.35
"""An ask so sure outweighs the small talk beside it."""
_ONE_MORE = re.compile(
    r"另外|顺便|還有|还有|还想|还要|我还(?=[要想有得能])|再帮我|也帮我|同时|不行就|不然就|要不就"
    r"|(?:and )?(?:also|plus(?! size)|besides|another thing|one more thing|by the way|btw|if not|otherwise|i also"
    r"|can you also)\b"
)
"""How a clause begins that asks for one thing more."""


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


def asks_more(clause: str) -> bool:
    """True when a clause in normal form begins like one thing more."""
    return _ONE_MORE.match(clause) is not None


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


def wishes(told: Iterable[Told], act: float) -> tuple[str, ...]:
    """What a message asks for, in order, when it is more than one thing and each is at least so sure.

    Clauses by themselves are no sign of that: most tell why, or what is not wanted. Only a clause that says so adds one.
    """
    sure = [
        each
        for each in told
        if each.guess.chance >= act
        and not each.guess.turned
        and each.guess.intent not in SMALL_TALK | STORIES
    ]
    if not any(each.more for each in sure) or all(each.more for each in sure):
        return ()
    asked = tuple(dict.fromkeys(each.guess.intent for each in sure))
    return asked if len(asked) > 1 else ()


def _led_by(first: Guess, found: tuple[Guess, ...], shown: Guess | None = None) -> tuple[Guess, ...]:
    return (shown or first, *(guess for guess in found if guess is not first))
