"""Where a file of the replies folder belongs: ``replies/<lang>/<intent>/<reply>.j2`` or ``replies/<lang>/words.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

FOLDER = "replies"
TEMPLATE = ".j2"
WORDS = "words.yaml"
TONE = "tone.yaml"
"""What only the linter reads: how a language greets and apologises, and what it never says."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file's language and what it holds."""

    path: str
    language: str
    reply: str
    """``<intent>/<reply>``; empty for the words."""

    @property
    def words(self) -> bool:
        """True for the file that words the values templates show."""
        return not self.reply


def place_of(path: str) -> Place | None:
    """The place a path names, with or without the leading ``replies/``; None when it is neither."""
    parts = PurePosixPath(path).parts
    match parts[1:] if parts[:1] == (FOLDER,) else parts:
        case (language, file) if file == WORDS:
            return Place(path, language, "")
        case (language, intent, file) if file.endswith(TEMPLATE):
            return Place(path, language, f"{intent}/{file.removesuffix(TEMPLATE)}")
    return None


def path_of(language: str, reply: str) -> str:
    """The path where a reply's template stands."""
    return f"{FOLDER}/{language}/{reply}{TEMPLATE}"


def words_path(language: str) -> str:
    """The path where a language's words stand."""
    return f"{FOLDER}/{language}/{WORDS}"


def tone_path(language: str) -> str:
    """The path where a language's list of tone stands."""
    return f"{FOLDER}/{language}/{TONE}"
