"""Makes `gist.npy`: word vectors whose sum over a text is near to what a sentence encoder says of the whole text.

    python -m bot.lexicon.distil MODEL TEXTS

MODEL is the folder of a BERT-like sentence encoder with mean pooling and a WordPiece vocabulary (all-MiniLM-L6-v2 was used,
Apache-2.0), TEXTS a file with a text a line. Needs the extra ``distil`` and about a quarter of an hour for 200,000 texts. The
bot itself only reads what this wrote; docs/understanding.md says of which texts it was made.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from bot.lexicon import GIST
from bot.understanding.lexicon import Array, Vectors
from bot.understanding.normalise import normalise

_SIZE = 256
"""Numbers a vector has: the encoder's own, turned so that the first ones tell most."""
_ROUNDS = 7
_STEP = 4e-3
"""How far a vector moves at most at a time (Adam)."""
_TEXTS = 1024
"""Texts that are looked at together while learning."""
_ENCODED = 64
"""The same while encoding."""
_RARE = 1e-4
"""Words begin the shorter the more common they are: a / (a + share), the share guessed by Zipf's law from the vocabulary's
order."""
_PIECE = re.compile(r"(##)?[a-z0-9]+")
_BEGIN = "▁"
"""How `Vectors` marks that a word begins; WordPiece marks that it goes on."""


def main(folder: Path, texts: Sequence[str]) -> None:
    """Write the table."""
    encoder = Encoder(folder)
    said = encoder.texts(texts)
    centre = said.mean(axis=0)
    turn = np.linalg.svd((said - centre)[:50_000], full_matrices=False)[2][:_SIZE].T
    wanted = _units((said - centre) @ turn)
    pieces = [piece for piece in encoder.pieces if _PIECE.fullmatch(piece)]
    rows = {_marked(piece): row for row, piece in enumerate(pieces)}
    begun = _begun(encoder.alone(pieces) @ turn, [encoder.pieces.index(piece) for piece in pieces])
    parts = Vectors(rows.get, np.zeros((0, _SIZE), np.int8))
    found = _learned(begun, [_rows(parts, text) for text in texts], wanted)
    _write(list(rows), found)


class Encoder:
    """The sentence encoder."""

    def __init__(self, folder: Path) -> None:
        self._words = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder).eval()
        self.pieces: list[str] = self._words.convert_ids_to_tokens(range(self._words.vocab_size))

    def texts(self, texts: Sequence[str]) -> Array:
        """What it says of each text: a vector as long as 1. The mean over all its pieces, those of the frame included."""
        found = np.zeros((len(texts), self._model.config.hidden_size), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _ENCODED):
            places = order[start : start + _ENCODED]
            asked = self._words(
                [texts[at] for at in places], padding=True, truncation=True, return_tensors="pt"
            )
            heard = asked["attention_mask"].unsqueeze(-1)
            with torch.inference_mode():
                hidden = self._model(**asked).last_hidden_state * heard
            found[places] = (hidden.sum(1) / heard.sum(1)).numpy()
            _tell("encoded", start + len(places), len(order))
        return _units(found)

    def alone(self, pieces: Sequence[str]) -> Array:
        """What it says of a piece that is all there is, less what it says of every piece."""
        numbers = self._words.convert_tokens_to_ids(list(pieces))
        begin, end = self._words.cls_token_id, self._words.sep_token_id
        found = []
        with torch.inference_mode():
            for start in range(0, len(numbers), _TEXTS):
                asked = torch.tensor([[begin, number, end] for number in numbers[start : start + _TEXTS]])
                found.append(self._model(input_ids=asked).last_hidden_state.mean(1).numpy())
        table = np.concatenate(found)
        less: Array = table - table.mean(axis=0)
        return less


def _learned(begun: Array, rows: Sequence[tuple[NDArray[np.int64], Array]], wanted: Array) -> Array:
    """The vectors, moved so that a text's sum points where the encoder's vector of it points."""
    table = torch.nn.EmbeddingBag(*begun.shape, mode="sum", sparse=True)
    table.weight.data = torch.from_numpy(begun)
    moves = torch.optim.SparseAdam(list(table.parameters()), lr=_STEP)
    usable = np.array([at for at, (found, _) in enumerate(rows) if len(found)])
    lots, total, done = np.random.default_rng(0), _ROUNDS * -(-len(usable) // _TEXTS), 0
    for _ in range(_ROUNDS):
        drawn = lots.permutation(usable)
        for start in range(0, len(drawn), _TEXTS):
            places = drawn[start : start + _TEXTS]
            moves.param_groups[0]["lr"] = _STEP * min(1.0, done / (0.15 * total)) * (1 - done / total) + 1e-5
            begins = np.cumsum([0, *(len(rows[at][0]) for at in places[:-1])])
            numbers = torch.from_numpy(np.concatenate([rows[at][0] for at in places]))
            weights = torch.from_numpy(np.concatenate([rows[at][1] for at in places]))
            sums = table(numbers, torch.from_numpy(begins), per_sample_weights=weights)
            near = torch.nn.functional.cosine_similarity(sums, torch.from_numpy(wanted[places]), eps=1e-6)
            moves.zero_grad()
            (1 - near).mean().backward()
            moves.step()
            done += 1
            _tell("learned", done, total)
    found: Array = table.weight.detach().numpy()
    return found


def _begun(alone: Array, ranks: Sequence[int]) -> Array:
    shares = 1 / ((np.array(ranks) + 2) * log(len(ranks)))
    table = alone * (_RARE / (_RARE + shares))[:, None]
    begun: Array = (table / np.linalg.norm(table, axis=1).mean()).astype(np.float32)
    return begun


def _rows(parts: Vectors, text: str) -> tuple[NDArray[np.int64], Array]:
    """The rows of a text's pieces, and what each counts for: a word's pieces together as much as a whole word."""
    words = [parts.rows_of(word) for word in normalise(text).split()]
    shares = [1 / len(word) for word in words for _ in word]
    return np.array([row for word in words for row in word], np.int64), np.array(shares, np.float32)


def _write(pieces: Sequence[str], table: Array) -> None:
    steps = np.abs(table).max(axis=1) / 127
    made = np.zeros(len(pieces), [("piece", "S24"), ("step", np.float32), ("numbers", np.int8, (_SIZE,))])
    made["piece"] = [piece.encode() for piece in pieces]
    made["step"] = steps
    made["numbers"] = np.round(table / np.maximum(steps, 1e-9)[:, None])
    np.save(GIST, np.sort(made, order="piece"))


def _marked(piece: str) -> str:
    return piece[2:] if piece.startswith("##") else _BEGIN + piece


def _units(table: Array) -> Array:
    found: Array = table / np.linalg.norm(table, axis=1, keepdims=True)
    return found.astype(np.float32)


def _tell(what: str, done: int, total: int) -> None:
    click.echo(f"\r{what} {done:,} of {total:,}", nl=done == total, err=True)


def _lines(path: Path) -> Iterator[str]:
    """Each text once, in small letters."""
    lines = path.read_text("utf-8").splitlines()
    return (line for line in dict.fromkeys(line.strip().lower() for line in lines) if line)


if __name__ == "__main__":
    main(Path(sys.argv[1]), list(_lines(Path(sys.argv[2]))))
