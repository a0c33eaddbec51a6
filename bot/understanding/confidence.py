"""How sure a judge may be: whether a text is anything that was taught at all.

The measure is learned from the phrases alone. Some intents are left out whole and some phrases of the others; what was
left out of the intents stands for what nobody taught. A logistic regression over five signals (`judge.signals`) parts the
two; a second one turns that, and the lead of the best intent, into the chance of being right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.lexicon import Array

SHARE = 0.35
"""What the log odds of the best intent against the others count for, beside the log odds that the text is of any intent:
higher parts right from wrong better, lower parts what was taught from what was not."""
FOREIGN = 0.2
"""The share of messages taken to be nothing that was taught."""
_ROUNDS = 30
_CALM = 1.0
"""Strength of the ridge that keeps the weights small."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A phrase judged by a model that had not seen it."""

    signals: Array
    """`judge.signals`."""
    share: float
    """Of the best intent."""
    taught: bool
    """Its intent was one the model knew."""
    right: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A logistic regression: weights of numbers, and what they add up to as a chance."""

    centre: Array
    spread: Array
    weights: Array
    offset: float

    def __call__(self, numbers: Array) -> float:
        """From 0 to 1."""
        return _chance(float(((numbers - self.centre) / self.spread) @ self.weights) + self.offset)

    @classmethod
    def through(
        cls, table: NDArray[np.float64], wanted: NDArray[np.bool_], counts: NDArray[np.float64]
    ) -> Self:
        """Newton's method on the likelihood, each row counting as told, with a ridge."""
        centre, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
        rows = np.column_stack([(table - centre) / spread, np.ones(len(table))])
        weights = np.zeros(rows.shape[1])
        calm = np.diag([_CALM] * table.shape[1] + [1e-6])
        for _ in range(_ROUNDS):
            share = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (counts * (share - wanted)) + calm @ weights
            bend = (rows * (counts * share * (1 - share))[:, None]).T @ rows + calm
            step = np.linalg.solve(bend, slope)
            weights -= step
            if float(np.abs(step).max()) < 1e-6:
                break
        return cls(
            centre.astype(np.float32),
            spread.astype(np.float32),
            weights[:-1].astype(np.float32),
            float(weights[-1]),
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """From signals to chances."""

    known: Line
    right: Line

    def __call__(self, signals: Array, share: float) -> float:
        """The chance that the best intent, with this share of belief, is what was meant."""
        return self.right(np.array([_joined(self.known(signals), share)], np.float32))

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> Self:
        """Learned from trials; a plain rule where they are too few to tell."""
        taught = np.array([trial.taught for trial in trials], bool)
        right = np.array([trial.right for trial in trials], bool)
        if not len(trials) or taught.all() or not taught.any() or not right.any():
            return cls(_PLAIN_KNOWN, _PLAIN_RIGHT)
        raw = np.stack([trial.signals for trial in trials]).astype(np.float64)
        known = Line.through(raw, taught, np.ones(len(trials)))
        joined = np.array([[_joined(known(trial.signals), trial.share)] for trial in trials])
        weight = FOREIGN / (1 - FOREIGN) * taught.sum() / (~taught).sum()
        return cls(known, Line.through(joined, right, np.where(taught, 1.0, weight)))


def _joined(known: float, share: float) -> float:
    return _odds(known) + SHARE * _odds(share)


def _odds(chance: float) -> float:
    return log((chance + 1e-4) / (1 - chance + 1e-4))


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-min(max(odds, -30.0), 30.0)))


def _plain(weights: Sequence[float], offset: float) -> Line:
    count = len(weights)
    return Line(
        np.zeros(count, np.float32), np.ones(count, np.float32), np.array(weights, np.float32), offset
    )


_PLAIN_KNOWN = _plain((0.0, 0.5, 2.0, 2.0, 3.0), -4.0)
_PLAIN_RIGHT = _plain((1.0,), 0.0)
