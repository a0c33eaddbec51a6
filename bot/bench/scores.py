"""How right the answers are: formulas, nothing else."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

PASS = 0.95
"""Share of in-scope messages that have to pass where out-of-scope ones are to be caught."""


def accuracy(truth: Sequence[str], said: Sequence[str | None]) -> float:
    """Share of messages whose first guess is their label, whatever its confidence."""
    return sum(label == guess for label, guess in zip(truth, said, strict=True)) / len(truth)


def macro_f1(truth: Sequence[str], said: Sequence[str | None]) -> float:
    """The plain mean of each intent's F1 = 2 TP / (2 TP + FP + FN).

    Over the intents that are a label or a guess of some message, as scikit-learn's `f1_score(average="macro")` does it.
    """
    right = Counter(label for label, guess in zip(truth, said, strict=True) if label == guess)
    labels, guesses = Counter(truth), Counter(guess for guess in said if guess is not None)
    intents = labels.keys() | guesses.keys()
    return sum(2 * right[intent] / (labels[intent] + guesses[intent]) for intent in intents) / len(intents)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Chance that an in-scope message scores higher than an out-of-scope one; equal scores count half.

    The area under the ROC curve is U / (n m) with the rank statistic U of Mann and Whitney (Hanley and McNeil, The
    Meaning and Use of the Area under a ROC Curve, Radiology 143, 1982).
    """
    ordered = sorted(outside)
    halves = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in inside)
    return halves / (2 * len(inside) * len(outside))


def caught_at(inside: Sequence[float], outside: Sequence[float], share: float = PASS) -> float:
    """Share of out-of-scope messages below the highest threshold that at least this share of in-scope ones reach.

    The true negative rate at 95 % true positive rate; 1 minus it is known as FPR95 (Liang, Li and Srikant, Enhancing the
    Reliability of Out-of-distribution Image Detection in Neural Networks, ICLR 2018).
    """
    passing = math.ceil(share * len(inside) - 1e-9)
    threshold = sorted(inside, reverse=True)[passing - 1]
    return sum(score < threshold for score in outside) / len(outside)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least this percentage of all values do not exceed (nearest rank)."""
    rank = math.ceil(percent / 100 * len(values) - 1e-9)
    return sorted(values)[max(rank, 1) - 1]
