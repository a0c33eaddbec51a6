"""A learned judge of one script: which intent's phrases a text is like, by spelling, wording, sound and meaning.

A multinomial logistic regression whose likeness is the weighed sum of the views' cosines. It is solved over the phrases
(`softmax`) and then folded into one weight a piece and intent, so that a message costs the same however many phrases
there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bot.understanding import softmax
from bot.understanding.gist import Gist
from bot.understanding.lexicon import Array, Lexicon
from bot.understanding.pieces import Pieces, Weighed, likeness
from bot.understanding.senses import Senses
from bot.understanding.views import Views


@dataclass(frozen=True, slots=True)
class Weights:
    """What each view counts for. Chosen by ablation on development data (docs/understanding.md)."""

    pieces: Mapping[str, float]
    """View of `Views` to its weight."""
    senses: float
    """Mean of the word vectors."""
    rare_senses: float
    """The same with rare words counting for more, what all phrases share taken away."""
    gist: float
    """Sum of the word vectors that were made to add up."""


HAN = Weights({"spelling": 1.0, "sound": 1.0, "wording": 0.2}, 0.3, 0.0, 0.0)
LATIN = Weights({"spelling": 1.0, "wording": 1.0}, 0.3, 0.3, 1.4)


@dataclass(frozen=True, slots=True)
class Block:
    """One view, learned: its pieces, and what each speaks for."""

    view: str
    pieces: Pieces
    speaks: Array
    """Piece by intent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a text."""

    scores: Array
    """A number an intent: the higher the likelier, alone they mean nothing."""
    known: tuple[float, ...]
    """For each block, the share of the text's pieces that was taught."""
    views: tuple[str, ...]
    parts: Array
    """What each of these views adds to the scores: view by intent."""

    def carried(self, intents: Sequence[int]) -> tuple[str, ...]:
        """For each intent the view that speaks for it most, beside what it says of all of them."""
        leads = self.parts[:, intents] - self.parts.mean(axis=1, keepdims=True)
        return tuple(self.views[most] for most in leads.argmax(axis=0))

    def only(self, intents: Sequence[int]) -> Reading:
        """The same of these intents alone."""
        return replace(self, scores=self.scores[intents], parts=self.parts[:, intents])

    @property
    def shares(self) -> Array:
        """Of each intent, when the text is of any of them; together 1."""
        raised = np.exp(self.scores - self.scores.max())
        shares: Array = raised / raised.sum()
        return shares


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned from the phrases of one script."""

    intents: tuple[str, ...]
    blocks: tuple[Block, ...]
    senses: tuple[Senses | Gist, ...]
    speaks: Array
    """Number of the senses, one after the other, by intent."""
    bias: Array
    views: Views

    @classmethod
    def of(
        cls, texts: Sequence[str], intents: Sequence[str], views: Views, lexicon: Lexicon, weights: Weights
    ) -> Self:
        """Learn from phrases in normal form, each with its intent."""
        names = tuple(sorted(set(intents)))
        wanted = np.zeros((len(texts), len(names)), np.float32)
        wanted[np.arange(len(texts)), [names.index(intent) for intent in intents]] = 1
        table = np.zeros((len(texts), len(texts)), np.float32)
        weighed: list[tuple[str, float, Pieces, list[Weighed]]] = []
        for view, weight in weights.pieces.items():
            taken = [getattr(views, view)(text) for text in texts]
            pieces = Pieces.of(taken)
            rows = [pieces.weigh(text) for text in taken]
            weighed.append((view, weight, pieces, rows))
            table += weight * likeness(rows, len(pieces.places))
        taken = [views.meaning(text) for text in texts]
        senses = tuple(_senses(taken, lexicon, weights))
        meant = np.stack([_meant(senses, text) for text in taken])
        table += meant @ meant.T
        found, bias = softmax.learn(table, wanted)
        blocks = tuple(
            Block(view, pieces, _folded(rows, weight, pieces, found))
            for view, weight, pieces, rows in weighed
        )
        return cls(names, blocks, senses, meant.T @ found, bias, views)

    def read(self, text: str) -> Reading:
        """A text in normal form."""
        parts: list[Array] = []
        known: list[float] = []
        for block in self.blocks:
            weighed = block.pieces.weigh(getattr(self.views, block.view)(text))
            parts.append(weighed.weights @ block.speaks[weighed.places])
            known.append(weighed.known)
        if self.senses:
            parts.append(_meant(self.senses, self.views.meaning(text)) @ self.speaks)
        names = (*(block.view for block in self.blocks), *(("meaning",) if self.senses else ()))
        table = np.stack(parts)
        return Reading(self.bias + table.sum(axis=0), tuple(known), names, table)


def _senses(texts: Sequence[Sequence[str]], lexicon: Lexicon, weights: Weights) -> Iterator[Senses | Gist]:
    if lexicon.vectors is not None:
        yield Senses.taught(texts, lexicon.vectors, weights.senses, weights.rare_senses)
    if lexicon.gist is not None and weights.gist:
        yield Gist.taught(texts, lexicon.gist, weights.gist)


def _meant(senses: Sequence[Senses | Gist], text: Sequence[str]) -> Array:
    """All that they make of a text, one after the other."""
    return np.concatenate([np.zeros(0, np.float32), *(each.of(text) for each in senses)])


def _folded(rows: Sequence[Weighed], weight: float, pieces: Pieces, found: Array) -> Array:
    speaks = np.zeros((len(pieces.places), found.shape[1]), np.float32)
    for row, share in zip(rows, found, strict=True):
        speaks[row.places] += weight * row.weights[:, None] * share
    return speaks
