"""Multinomial logistic regression over a table of likenesses, by L-BFGS (Nocedal, Updating Quasi-Newton Matrices, 1980).

The weights are W = XᵀA for texts X; only A and the table K = XXᵀ are held, so that any number of pieces costs nothing.
Steps are taken in the geometry of W: the gradient by A is C·w·(P - Y) + A, products are taken through K.
"""

from __future__ import annotations

import numpy as np

from bot.understanding.lexicon import Array

STRICTNESS = 30.0
"""C: how much a wrong answer on the phrases weighs against large weights."""
_EVENNESS = 0.5
"""At 1 every intent weighs the same however many phrases it has, at 0 every phrase."""
_ROUNDS = 60
_REMEMBERED = 6
_ENOUGH = 1e-4
"""Relative gain of a round below which it ends."""
_STEADY = 0.1
"""The constant piece every text has: its weight is the intent's bias."""


def learn(table: Array, intents: Array) -> tuple[Array, Array]:
    """(A, bias) for a table of n texts and their n x c one-hot intents."""
    known = table + np.float32(_STEADY**2)
    counts = intents.sum(axis=0)
    weigh = ((counts.mean() / counts) ** _EVENNESS)[intents.argmax(axis=1)][:, None].astype(np.float32)
    found = _descend(known, intents, STRICTNESS * weigh)
    return found, (_STEADY**2 * found.sum(axis=0)).astype(np.float32)


def _descend(table: Array, intents: Array, strict: Array) -> Array:
    point = np.zeros_like(intents)
    through = np.zeros_like(intents)  # K @ point
    value, slope = _loss(point, through, intents, strict)
    past: list[tuple[Array, Array, Array, Array, float]] = []
    for _ in range(_ROUNDS):
        step = _direction(slope, past, table)
        step_through = table @ step
        rate, downhill = 1.0, float((step_through * slope).sum())
        while True:
            after, after_through = point - rate * step, through - rate * step_through
            after_value, after_slope = _loss(after, after_through, intents, strict)
            if after_value <= value - 1e-4 * rate * downhill or rate < 1e-3:
                break
            rate /= 2
        moved, turned = after - point, after_slope - slope
        moved_through, turned_through = after_through - through, table @ turned
        bend = float((moved * turned_through).sum())
        if bend > 0:
            past = [*past[1 - _REMEMBERED :], (moved, turned, moved_through, turned_through, bend)]
        gained = value - after_value
        point, through, value, slope = after, after_through, after_value, after_slope
        if gained < _ENOUGH * abs(value):
            break
    return point.astype(np.float32)


def _direction(slope: Array, past: list[tuple[Array, Array, Array, Array, float]], table: Array) -> Array:
    """The two-loop recursion; products go through the table."""
    if not past:
        steepness = float(np.sqrt((slope * (table @ slope)).sum()))
        return slope / max(steepness, 1e-9)
    step = slope.copy()
    shares = []
    for _, turned, moved_through, _, bend in reversed(past):
        share = float((moved_through * step).sum()) / bend
        shares.append(share)
        step -= share * turned
    _, turned, _, turned_through, bend = past[-1]
    step *= bend / float((turned * turned_through).sum())
    for (moved, _, _, turned_through, bend), share in zip(past, reversed(shares), strict=True):
        step += moved * (share - float((turned_through * step).sum()) / bend)
    return step


def _loss(point: Array, through: Array, intents: Array, strict: Array) -> tuple[float, Array]:
    """The loss, and its gradient in A: cross-entropy on the phrases, and half the squared length of W."""
    scores = through - through.max(axis=1, keepdims=True)
    shares = np.exp(scores)
    total = shares.sum(axis=1, keepdims=True)
    surprise = -(intents * (scores - np.log(total))).sum(axis=1, keepdims=True)
    value = float((strict * surprise).sum()) + 0.5 * float((point * through).sum())
    return value, strict * (shares / total - intents) + point
