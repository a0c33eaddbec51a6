"""The tables of `Lexicon`, read from the libraries that carry them. Nothing is fetched over a network."""

from __future__ import annotations

import json
import struct
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from sys import intern

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from bot.understanding.lexicon import Lexicon, Vectors

_VECTORS = "wordllama"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
_TONED = dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿế", "aaaaeeeeiiiioooouuuuvvvvvnnnme", strict=True))


@cache
def load_lexicon() -> Lexicon:
    """All tables; each is read once a process, when it is first looked into."""
    return Lexicon(_simplified, _traditional, lambda char: _syllables().get(char), _vectors())


def read_ahead() -> None:
    """Read all tables now, so that no message waits for them."""
    lexicon = load_lexicon()
    lexicon.plain("")
    lexicon.syllable("")
    lexicon.knows("word")


def _simplified(text: str) -> str:
    return _converted(text, "t2s")


def _traditional(text: str) -> str:
    return _converted(text, "s2tw")


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


@cache
def _syllables() -> dict[str, str]:
    """Of the library pypinyin (MIT). Its table is not imported but run, and let go once what is used was taken from it."""
    spec = spec_from_file_location("pinyin_dict", _folder("pypinyin") / "pinyin_dict.py")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pypinyin")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    table: dict[int, str] = module.pinyin_dict
    without_tone = str.maketrans(_TONED)
    return {chr(code): intern(sounds.split(",")[0].translate(without_tone)) for code, sounds in table.items()}


def _vectors() -> Vectors:
    """Of the library wordllama (MIT): 256 numbers a piece, 32,000 pieces; mapped, so that only rows in use take memory."""
    return Vectors(lambda piece: _pieces().get(piece), _mapped(_folder(_VECTORS) / _WEIGHTS))


def _folder(library: str) -> Path:
    """Where an installed library's files are, which is found without importing it."""
    spec = find_spec(library)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(library)
    return Path(spec.submodule_search_locations[0])


@cache
def _pieces() -> dict[str, int]:
    vocabulary: dict[str, int] = json.loads((_folder(_VECTORS) / _PIECES).read_text("utf-8"))["model"][
        "vocab"
    ]
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
