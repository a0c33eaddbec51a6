"""One script's phrases, learned: the intents of a text with how sure each is, and what spoke for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Self
from zlib import crc32

import numpy as np
from rapidfuzz import fuzz, process

from bot.understanding.confidence import Confidence, Trial
from bot.understanding.lexicon import Array, Lexicon
from bot.understanding.model import HAN, LATIN, Model, Reading, Weights
from bot.understanding.repair import Repair
from bot.understanding.views import Views

_FOLDS = 2
_FOREIGN = 4
"""One intent in so many is kept from the model in a trial."""
_HELD = 3
"""One phrase in so many of the others."""
_ENOUGH = 900
"""Phrases from which the confidence is learned; of more an even share is taken."""
_LEAST_INTENTS = 4
_MOST = 4_000
"""Phrases that are learned from; of more an even share of each intent is taken, the rest is still looked up."""
_UNHEARD_OF = 0.4
"""The most chance a text has of whose spelling nothing at all was taught."""
_LIKELIEST = 3
_ONE_OF_ALL, _ONE_OF_FEW = 1.0, 0.95
"""The most share of belief the best intent has. Among a few that are left there may be no rival, which proves nothing."""
_SHOWN = 8
"""Intents a verdict names."""
SCRIPTS: dict[str, Weights] = {"han": HAN, "latin": LATIN}
Grouped = dict[str, list[str]]
"""Intent to its phrases in normal form."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of a text."""

    chances: tuple[tuple[str, float], ...] = ()
    """Intents, likeliest first, with the chance that each is what was meant."""
    carried: tuple[str, ...] = ()
    """For each of them the view that speaks for it most: ``spelling``, ``sound``, ``wording`` or ``meaning``."""

    @property
    def best(self) -> float:
        """The chance of the likeliest."""
        return self.chances[0][1] if self.chances else 0.0


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned of one script."""

    model: Model
    confidence: Confidence
    phrases: Grouped

    @classmethod
    def of(cls, phrases: Sequence[str], intents: Sequence[str], lexicon: Lexicon, script: str) -> Self:
        """Learn from phrases in normal form, each with its intent."""
        grouped = _grouped(phrases, intents)
        fair = _fair_share(grouped, _MOST)
        model = _learned(
            [phrase for phrase, _ in fair], [intent for _, intent in fair], grouped, lexicon, script
        )
        return cls(model, Confidence.of(list(_trials(phrases, intents, lexicon, script))), grouped)

    def knows(self, word: str) -> bool:
        """True for a word in normal form that is one in this script's languages."""
        return self.model.views.lexicon.knows(word)

    def strange(self, word: str) -> bool:
        """True for a word that nobody taught, that is like none that was, and that no lexicon has."""
        return self.model.views.repair.strange(word)

    def verdict(self, text: str, among: Collection[str] | None = None) -> Verdict:
        """The judgement of a text in normal form; of these intents only, where all others are ruled out."""
        reading, intents = self.model.read(text), self.model.intents
        if among is not None:
            places = [place for place, intent in enumerate(intents) if intent in among]
            if not places:
                return Verdict()
            reading, intents = reading.only(places), tuple(intents[place] for place in places)
        return self._of(text, reading, intents, _ONE_OF_ALL if among is None else _ONE_OF_FEW)

    def _of(self, text: str, reading: Reading, intents: Sequence[str], most: float) -> Verdict:
        shares = reading.shares
        best = min(float(shares.max()), most)
        chance = self.confidence(signals(reading, intents, self.phrases, text, best), best)
        if not reading.known[0]:
            chance = min(chance, _UNHEARD_OF)
        first, *others = np.argsort(-shares)[:_SHOWN]
        left = min(chance / best, (1 - chance) / (1 - best + 1e-9))  # all together are no more than sure
        rest = ((intents[at], float(shares[at]) * left) for at in others)
        carried = reading.carried([first, *others])
        return Verdict(((intents[first], chance), *rest), carried)


def signals(reading: Reading, intents: Sequence[str], phrases: Grouped, text: str, best: float) -> Array:
    """The five numbers `Confidence` weighs: the best intent's score; the log of its odds against all others; which share of
    the text's pieces, by rareness, was taught, in two views; and the rapidfuzz ratio to the nearest phrase of the likeliest
    intents."""
    likeliest = [intents[at] for at in np.argsort(-reading.scores)[:_LIKELIEST]]
    near = max(process.extractOne(text, phrases[intent], scorer=fuzz.ratio)[1] for intent in likeliest)
    found = (float(reading.scores.max()), log(best / (1 - best + 1e-9)), *reading.known[:2], near / 100)
    return np.array(found, np.float32)


def repair(grouped: Grouped, lexicon: Lexicon) -> Repair:
    """What mends words against these phrases."""
    return Repair((phrase for each in grouped.values() for phrase in each), lexicon.knows)


def _grouped(phrases: Sequence[str], intents: Sequence[str]) -> Grouped:
    found: Grouped = {}
    for phrase, intent in zip(phrases, intents, strict=True):
        found.setdefault(intent, []).append(phrase)
    return found


def _fair_share(grouped: Grouped, most: int) -> list[tuple[str, str]]:
    """At most so many (phrase, intent), from each intent as many as from the others as far as it has them."""
    if sum(map(len, grouped.values())) <= most:
        return [(phrase, intent) for intent, each in grouped.items() for phrase in each]
    drawn = {intent: sorted(each, key=_lot) for intent, each in grouped.items()}
    found: list[tuple[str, str]] = []
    for place in range(max(map(len, drawn.values()))):
        found += [(each[place], intent) for intent, each in drawn.items() if place < len(each)]
    return found[:most]


def _learned(
    phrases: Sequence[str], intents: Sequence[str], grouped: Grouped, lexicon: Lexicon, script: str
) -> Model:
    """From these phrases; words are mended against all that are known."""
    views = Views(lexicon, repair(grouped, lexicon))
    return Model.of(phrases, intents, views, lexicon, SCRIPTS[script])


def _trials(phrases: Sequence[str], intents: Sequence[str], lexicon: Lexicon, script: str) -> Iterator[Trial]:
    """Phrases judged by a model that has not seen them: of intents it knows, and of intents it does not."""
    names = sorted(set(intents), key=_lot)
    if len(names) < _LEAST_INTENTS:
        return
    rows = sorted(range(len(phrases)), key=lambda row: _lot(phrases[row]))[:_ENOUGH]
    for fold in range(_FOLDS):
        foreign = set(names[fold::_FOREIGN])
        held = {row for row in rows if intents[row] not in foreign and _lot(phrases[row]) % _HELD == fold}
        taught = [row for row in rows if intents[row] not in foreign and row not in held]
        if len({intents[row] for row in taught}) >= _LEAST_INTENTS:
            unseen = [row for row in rows if row in held or intents[row] in foreign]
            yield from _judged(phrases, intents, taught, unseen, held, lexicon, script)


def _judged(
    phrases: Sequence[str],
    intents: Sequence[str],
    taught: Sequence[int],
    unseen: Sequence[int],
    held: set[int],
    lexicon: Lexicon,
    script: str,
) -> Iterator[Trial]:
    seen, meant = [phrases[row] for row in taught], [intents[row] for row in taught]
    grouped = _grouped(seen, meant)
    model = _learned(seen, meant, grouped, lexicon, script)
    for row in unseen:
        reading = model.read(phrases[row])
        right = model.intents[int(reading.scores.argmax())] == intents[row]
        share = float(reading.shares.max())
        known = row in held and intents[row] in grouped  # it may be the only phrase its intent has
        found = signals(reading, model.intents, grouped, phrases[row], share)
        yield Trial(found, share, known, right)


def _lot(text: str) -> int:
    """A number that has nothing to do with what the text says, and is always the same."""
    return crc32(text.encode())
