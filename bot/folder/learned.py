"""What was learned of phrases, kept on disk so that the next start need not learn it again.

The file's name is a digest of everything that goes in: the phrases, this code, the libraries. So a file is right or not
there, and nothing ever needs to be cleared by hand; old ones go when there are many.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from bot.understanding import storing
from bot.understanding.lexicon import Lexicon
from bot.understanding.recogniser import Lesson, Recogniser

_LIBRARIES = ("numpy", "opencc", "pypinyin", "rapidfuzz", "wordllama")
_KEPT = 12
"""Files kept."""


class Learned:
    """A folder of what was learned."""

    def __init__(self, folder: Path | None = None, tell: Callable[[int], None] = lambda _: None) -> None:
        """`folder`: by default the user's cache folder. `tell` hears how many phrases are about to be learned."""
        self._folder = folder or _cache_folder()
        self._tell = tell

    def __call__(self, lessons: Sequence[Lesson], lexicon: Lexicon) -> Recogniser:
        """As `Recogniser.of`; from disk when these very lessons were learned before."""
        path = self._folder / f"{_digest(lessons)}.npz"
        with contextlib.suppress(OSError, ValueError):
            return storing.loaded(path.read_bytes(), lexicon)
        self._tell(len(lessons))
        made = Recogniser.of(lessons, lexicon)
        with contextlib.suppress(
            OSError
        ):  # a place that can't be written to only makes the next start slower
            self._keep(path, storing.stored(made))
        return made

    def _keep(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
        newest_first = sorted(self._folder.glob("*.npz"), key=lambda file: -file.stat().st_mtime)
        for old in newest_first[_KEPT:]:
            old.unlink(missing_ok=True)


def _cache_folder() -> Path:
    """As the XDG Base Directory Specification has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shouhou"


def _digest(lessons: Sequence[Lesson]) -> str:
    said = json.dumps([[lesson.text, lesson.intent, lesson.han] for lesson in lessons], ensure_ascii=False)
    code = Path(storing.__file__).parent
    parts = [said, *(f"{name} {version(name)}" for name in _LIBRARIES)]
    parts += [path.read_text("utf-8") for path in sorted(code.glob("*.py"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
