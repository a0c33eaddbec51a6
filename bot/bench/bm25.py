"""Peer: the nearest phrases by the words they share with the message, rare words weighing more.

Okapi BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond,
2009). Phrases are so short that a word hardly ever stands in one twice.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from bot.bench.dataset import Example
from bot.bench.matchers import Ranking

_K1, _B = 1.2, 0.75
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
_NEAREST = 3
"""Phrases of an intent whose scores are added up."""


def tokens(text: str) -> list[str]:
    """Words; of Chinese, which has no spaces, single characters and pairs of them."""
    found: list[str] = []
    for run in _TOKEN.findall(text.casefold()):
        if run[0] < "\u3400":
            found.append(run)
        else:
            found += [*run, *map("".join, pairwise(run))]
    return found


class Bm25:
    """Phrases by the words in them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._intents = [intent for _, intent in examples]
        counts = [Counter(tokens(text)) for text, _ in examples]
        mean = sum(count.total() for count in counts) / len(counts)
        self._weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for phrase, count in enumerate(counts):
            length = _K1 * (1 - _B + _B * count.total() / mean)
            for token, times in count.items():
                self._weights[token].append((phrase, times * (_K1 + 1) / (times + length)))

    def rank(self, text: str) -> Ranking:
        """Intents by the sum of their nearest phrases' scores s, as s / (1 + s) to stay below 1."""
        scores: dict[int, float] = defaultdict(float)
        for token in tokens(text):
            found = self._weights.get(token, [])
            rarity = math.log(1 + (len(self._intents) - len(found) + 0.5) / (len(found) + 0.5))
            for phrase, weight in found:
                scores[phrase] += rarity * weight
        by_intent: dict[str, list[float]] = defaultdict(list)
        for phrase, score in sorted(scores.items(), key=lambda pair: -pair[1]):
            by_intent[self._intents[phrase]].append(score)
        sums = {intent: sum(found[:_NEAREST]) for intent, found in by_intent.items()}
        return [(intent, s / (1 + s)) for intent, s in sorted(sums.items(), key=lambda pair: -pair[1])]
