"""A recogniser as bytes and back: arrays in NumPy's own format, everything else as JSON. Nothing in it is ever executed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.understanding.confidence import Confidence, Line
from bot.understanding.gist import Gist
from bot.understanding.judge import SCRIPTS, Grouped, Judge, repair
from bot.understanding.lexicon import Array, Lexicon
from bot.understanding.model import Block, Model
from bot.understanding.pieces import Pieces
from bot.understanding.recogniser import Recogniser
from bot.understanding.senses import Senses
from bot.understanding.views import Views


def stored(recogniser: Recogniser) -> bytes:
    """All that was learned."""
    arrays: dict[str, Any] = {}
    told = {script: _told(judge, f"{script}.", arrays) for script, judge in recogniser.judges.items()}
    arrays["told"] = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), np.uint8)
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **arrays)
    return target.getvalue()


def loaded(content: bytes, lexicon: Lexicon) -> Recogniser:
    """From such bytes; ValueError when they are none."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            told = json.loads(arrays["told"].tobytes())
            found = {name: arrays[name] for name in arrays.files}
        return Recogniser(
            {script: _judge(each, f"{script}.", found, lexicon, script) for script, each in told.items()}
        )
    except (BadZipFile, OSError, EOFError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise ValueError("these bytes are nothing that was learned") from error


def _told(judge: Judge, prefix: str, arrays: dict[str, Any]) -> dict[str, Any]:
    model = judge.model
    arrays |= {f"{prefix}speaks": model.speaks, f"{prefix}bias": model.bias}
    for number, block in enumerate(model.blocks):
        arrays[f"{prefix}{number}.rareness"] = block.pieces.rareness
        arrays[f"{prefix}{number}.speaks"] = block.speaks.astype(np.float16)
    for each in model.senses:
        arrays[f"{prefix}{type(each).__name__}"] = each.common
    return {
        "intents": model.intents,
        "phrases": judge.phrases,
        "blocks": [[block.view, list(block.pieces.places)] for block in model.blocks],
        "shares": [dict(each.shares) for each in model.senses if isinstance(each, Senses)],
        "known": _line_out(judge.confidence.known),
        "right": _line_out(judge.confidence.right),
    }


def _judge(
    told: dict[str, Any], prefix: str, arrays: dict[str, Array], lexicon: Lexicon, script: str
) -> Judge:
    blocks = tuple(
        Block(
            view,
            _pieces(pieces, arrays[f"{prefix}{number}.rareness"]),
            arrays[f"{prefix}{number}.speaks"].astype(np.float32),
        )
        for number, (view, pieces) in enumerate(told["blocks"])
    )
    phrases: Grouped = told["phrases"]
    model = Model(
        tuple(told["intents"]),
        blocks,
        tuple(_senses(told, prefix, arrays, lexicon, script)),
        arrays[f"{prefix}speaks"],
        arrays[f"{prefix}bias"],
        Views(lexicon, repair(phrases, lexicon)),
    )
    return Judge(model, Confidence(_line_in(told["known"]), _line_in(told["right"])), phrases)


def _pieces(pieces: Sequence[str], rareness: Array) -> Pieces:
    places = {piece: place for place, piece in enumerate(pieces)}
    return Pieces(places, rareness, float(rareness.max(initial=1.0)))


def _senses(
    told: dict[str, Any], prefix: str, arrays: dict[str, Array], lexicon: Lexicon, script: str
) -> Iterator[Senses | Gist]:
    weights = SCRIPTS[script]
    for shares in told["shares"]:
        common = arrays[f"{prefix}{Senses.__name__}"]
        if lexicon.vectors is None:
            raise ValueError("it was learned with word vectors")
        yield Senses(lexicon.vectors, weights.senses, weights.rare_senses, shares, common)
    if f"{prefix}{Gist.__name__}" in arrays:
        if lexicon.gist is None:
            raise ValueError("it was learned with more word vectors")
        yield Gist(lexicon.gist, weights.gist, arrays[f"{prefix}{Gist.__name__}"])


def _line_out(line: Line) -> dict[str, Any]:
    return {
        "centre": line.centre.tolist(),
        "spread": line.spread.tolist(),
        "weights": line.weights.tolist(),
        "offset": line.offset,
    }


def _line_in(told: dict[str, Any]) -> Line:
    centre, spread, weights = (np.array(told[name], np.float32) for name in ("centre", "spread", "weights"))
    return Line(centre, spread, weights, told["offset"])
