"""What was learned of phrases, kept for the next start."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from bot import lexicon as tables
from bot.folder.kept import Kept, digest
from bot.folder.learning import learned_apart
from bot.understanding import storing
from bot.understanding.lexicon import Lexicon
from bot.understanding.recogniser import Lesson, Recogniser

_LIBRARIES = ("numpy", "opencc", "pypinyin", "rapidfuzz", "wordllama")


_MANY = 1_000
"""Phrases that are worth a process of their own."""


class Learned:
    """Learns phrases, unless these very ones were learned before."""

    def __init__(self, kept: Kept | None = None, tell: Callable[[int], None] = lambda _: None) -> None:
        """`tell` hears how many phrases are about to be learned."""
        self._kept = kept or Kept()
        self._tell = tell

    def __call__(self, lessons: Sequence[Lesson], lexicon: Lexicon) -> Recogniser:
        """As `Recogniser.of`."""
        if lexicon is not tables.load_lexicon():
            return Recogniser.of(lessons, lexicon)  # what is kept does not say by which other tables
        name = f"{digest(_parts(lessons))}.npz"
        content = self._kept.get(name)
        if content is not None:
            with contextlib.suppress(ValueError):
                return storing.loaded(content, lexicon)
        self._tell(len(lessons))
        content = _learned(lessons, lexicon)
        self._kept.put(name, content)
        return storing.loaded(content, lexicon)  # rounded as the next start has it: both answer the same


def _learned(lessons: Sequence[Lesson], lexicon: Lexicon) -> bytes:
    if len(lessons) >= _MANY:
        with contextlib.suppress(OSError):
            return learned_apart(lessons)
    return storing.stored(Recogniser.of(lessons, lexicon))


def _parts(lessons: Sequence[Lesson]) -> Iterator[str]:
    """The phrases, the table and the libraries they are learned with, and the code that learns."""
    yield json.dumps([[lesson.text, lesson.intent, lesson.han] for lesson in lessons], ensure_ascii=False)
    yield from (f"{name} {version(name)}" for name in _LIBRARIES)
    yield str(crc32(tables.GIST.read_bytes()))
    code = sorted(Path(storing.__file__).parent.glob("*.py"))
    yield from (path.read_text("utf-8") for path in (*code, Path(tables.__file__ or "")))
