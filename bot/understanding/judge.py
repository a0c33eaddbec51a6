"""One script's phrases, learned: the intents of a text with how sure each is, and what spoke for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from random import Random
from typing import Self

import numpy as np
from rapidfuzz import fuzz, process

from bot.understanding.confidence import Confidence, Trial
from bot.understanding.lexicon import Array, Lexicon
from bot.understanding.model import HAN, LATIN, Model, Weights
from bot.understanding.pieces import Pieces
from bot.understanding.repair import Repair
from bot.understanding.views import Views

_FOLDS = 3
_LEFT_OUT_INTENTS = 0.25
_LEFT_OUT_PHRASES = 0.3
_ENOUGH = 1_500
"""Phrases from which the confidence is learned; of more an even share is taken."""
SCRIPTS: dict[str, Weights] = {"han": HAN, "latin": LATIN}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of a text."""

    chances: tuple[tuple[str, float], ...] = ()
    """Intents, likeliest first, with the chance that each is what was meant."""

    @property
    def best(self) -> float:
        """The chance of the likeliest."""
        return self.chances[0][1] if self.chances else 0.0


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned of one script."""

    model: Model
    confidence: Confidence
    phrases: tuple[str, ...]
    """In normal form."""

    @classmethod
    def of(cls, phrases: Sequence[str], intents: Sequence[str], lexicon: Lexicon, script: str) -> Self:
        """Learn from phrases in normal form, each with its intent."""
        model = _learned(phrases, intents, lexicon, script)
        trials = list(_trials(phrases, intents, lexicon, script))
        return cls(model, Confidence.of(trials), tuple(phrases))

    def verdict(self, text: str) -> Verdict:
        """The judgement of a text in normal form."""
        scores = self.model.scores(text)
        shares = _shares(scores)
        best = float(shares.max())
        chance = self.confidence(signals(self.model, self.phrases, text, scores), best)
        order = np.argsort(-shares)
        return Verdict(tuple((self.model.intents[at], float(shares[at]) / best * chance) for at in order))


def signals(model: Model, phrases: Sequence[str], text: str, scores: Array) -> Array:
    """The five numbers `Confidence` weighs."""
    best = float(_shares(scores).max())
    spelling, second = model.blocks[0], model.blocks[1]
    near = process.extractOne(text, phrases, scorer=fuzz.ratio)
    found = (
        float(scores.max()),
        log(best / (1 - best + 1e-9)),
        _known(spelling.pieces, getattr(model.views, spelling.view)(text)),
        _known(second.pieces, getattr(model.views, second.view)(text)),
        near[1] / 100,
    )
    return np.array(found, np.float32)


def _shares(scores: Array) -> Array:
    raised = np.exp(scores - scores.max())
    shares: Array = raised / raised.sum()
    return shares


def _known(pieces: Pieces, text: Sequence[str]) -> float:
    """The share of a text's pieces, by the square of their rareness, that was taught; an unknown one is as rare as can be."""
    rarest = float(pieces.rareness.max()) ** 2 if len(pieces.rareness) else 1.0
    known = total = 0.0
    for piece in set(text):
        place = pieces.places.get(piece)
        weight = rarest if place is None else float(pieces.rareness[place]) ** 2
        total += weight
        known += 0.0 if place is None else weight
    return known / total if total else 0.0


def _learned(phrases: Sequence[str], intents: Sequence[str], lexicon: Lexicon, script: str) -> Model:
    views = Views(lexicon, Repair(phrases, lexicon.knows))
    return Model.of(phrases, intents, views, lexicon, SCRIPTS[script])


def _trials(phrases: Sequence[str], intents: Sequence[str], lexicon: Lexicon, script: str) -> Iterator[Trial]:
    """Phrases judged by a model that has not seen them: of intents it knows, and of intents it does not."""
    chance = Random(0)  # the same phrases always teach the same  # noqa: S311
    names = sorted(set(intents))
    if len(names) < 4:
        return
    rows = list(range(len(phrases)))
    if len(rows) > _ENOUGH:
        rows = sorted(chance.sample(rows, _ENOUGH))
    for _ in range(_FOLDS):
        foreign = set(chance.sample(names, max(1, round(_LEFT_OUT_INTENTS * len(names)))))
        held = {row for row in rows if intents[row] not in foreign and chance.random() < _LEFT_OUT_PHRASES}
        taught = [row for row in rows if intents[row] not in foreign and row not in held]
        if len({intents[row] for row in taught}) < 2:
            continue
        seen = [phrases[row] for row in taught]
        model = _learned(seen, [intents[row] for row in taught], lexicon, script)
        for row in rows:
            if row in held or intents[row] in foreign:
                scores = model.scores(phrases[row])
                right = model.intents[int(scores.argmax())] == intents[row]
                share = float(_shares(scores).max())
                yield Trial(signals(model, seen, phrases[row], scores), share, row in held, right)
