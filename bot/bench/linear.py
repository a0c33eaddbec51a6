"""Peer: the usual text classifier. TF-IDF over characters and words, and a linear support vector machine."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.bench.dataset import Example
from bot.bench.matchers import Ranking


class TfidfSvm:
    """Runs of 1 to 4 characters within words, runs of 1 to 2 words; one hyperplane an intent against the rest."""

    def __init__(self, examples: Sequence[Example]) -> None:
        texts, intents = zip(*examples, strict=True)
        self._model = make_pipeline(
            make_union(
                TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True),
                TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), sublinear_tf=True),
            ),
            LinearSVC(),
        )
        self._model.fit(texts, intents)

    def rank(self, text: str) -> Ranking:
        """Intents by the signed distance d from their hyperplane, as 1 / (1 + e^-d)."""
        distances = self._model.decision_function([text])[0]
        if len(self._model.classes_) == 2:  # one hyperplane parts the two
            distances = (-distances, distances)
        ranked = sorted(zip(self._model.classes_, distances, strict=True), key=lambda pair: -pair[1])
        return [(str(intent), 1 / (1 + math.exp(-distance))) for intent, distance in ranked]
