"""The tables of `Lexicon`, read from the libraries that carry them. Nothing is fetched over a network."""

from __future__ import annotations

import json
import re
import struct
from bisect import bisect_left
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from bot.understanding.lexicon import Lexicon, Vectors

_VECTORS = "wordllama"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
GIST = Path(__file__).with_name("gist.npy")
_FIRST, _LAST = "\u3400", "\u9fff"
"""Characters whose syllables are known."""
_OF_WATER = re.compile(r"(?<=手)衝|衝(?=[煮調飲廁牙奶]|咖啡)")
"""冲 that OpenCC takes for a rush where water is poured: 手冲 is 手沖."""
_WIDEST = 6
"""Letters of the longest syllable."""
_TONED = dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿế", "aaaaeeeeiiiioooouuuuvvvvvnnnme", strict=True))


@cache
def load_lexicon() -> Lexicon:
    """All tables; each is read once a process, when it is first looked into."""
    return Lexicon(_simplified, _traditional, _syllable, _vectors(), _gist())


def read_ahead() -> None:
    """Read all tables now, so that no message waits for them."""
    lexicon = load_lexicon()
    lexicon.plain(_FIRST)
    lexicon.syllable(_FIRST)
    lexicon.knows("word")


def _simplified(text: str) -> str:
    return _converted(text, "t2s")


def _traditional(text: str) -> str:
    return _OF_WATER.sub("沖", _converted(text, "s2tw"))


def _converted(text: str, way: str) -> str:
    """Half of a surrogate pair, which OpenCC refuses, becomes U+FFFD."""
    if text.isascii():
        return text
    converted: str = _converter(way).convert(
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    return converted


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)


def _syllable(char: str) -> str | None:
    if len(char) != 1 or not _FIRST <= char <= _LAST:
        return None
    place = (ord(char) - ord(_FIRST)) * _WIDEST
    return _syllables()[place : place + _WIDEST].rstrip() or None


@cache
def _syllables() -> str:
    """Of the library pypinyin (MIT), a syllable after the other for all characters, each as wide as the widest.

    Its table is not imported but run, and let go once what is used was taken from it.
    """
    spec = spec_from_file_location("pinyin_dict", _folder("pypinyin") / "pinyin_dict.py")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pypinyin")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    table: dict[int, str] = module.pinyin_dict
    without_tone = str.maketrans(_TONED)
    sounds = (table.get(code, "").split(",")[0] for code in range(ord(_FIRST), ord(_LAST) + 1))
    packed = "".join(sound.translate(without_tone).ljust(_WIDEST) for sound in sounds)
    module.__dict__.clear()  # it refers to itself, and would stay until the next collection
    return packed


def _vectors() -> Vectors:
    """Of the library wordllama (MIT): 256 numbers a piece, 32,000 pieces; mapped, so that only rows in use take memory."""
    return Vectors(lambda piece: _pieces().get(piece), _mapped(_folder(_VECTORS) / _WEIGHTS))


def _gist() -> Vectors:
    """Made by `bot.lexicon.distil`: 256 numbers of one byte each for a piece; mapped, as above."""
    table = np.load(GIST, mmap_mode="r")
    pieces, numbers, steps = (np.asarray(table[name]) for name in ("piece", "numbers", "step"))

    def row(piece: str) -> int | None:
        key = piece.encode("utf-8", "replace")
        at = bisect_left(pieces, key)
        return at if at < len(pieces) and pieces[at] == key else None

    return Vectors(row, numbers, steps)


def _folder(library: str) -> Path:
    """Where an installed library's files are, which is found without importing it."""
    spec = find_spec(library)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(library)
    return Path(spec.submodule_search_locations[0])


@cache
def _pieces() -> dict[str, int]:
    """Only this part of the file is read: the whole takes three times the memory."""
    text = (_folder(_VECTORS) / _PIECES).read_text("utf-8")
    vocabulary: dict[str, int]
    vocabulary, _ = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"vocab"')))
    return vocabulary


def _mapped(path: Path) -> NDArray[np.float16]:
    """The one table of a safetensors file: eight bytes of header length, the header as JSON, the numbers."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    table = next(value for name, value in header.items() if name != "__metadata__")
    if table["dtype"] != "F16":
        raise ValueError(f"{path.name} holds {table['dtype']}, not F16")
    start = 8 + length + table["data_offsets"][0]
    # as a plain array: one of numpy's own mapped ones takes longer for each row that is looked up
    return np.asarray(np.memmap(path, np.float16, "r", start, tuple(table["shape"])))
