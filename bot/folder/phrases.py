"""Phrase files on disk: YAML to `PhraseFile`, with the line of whatever is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.config import plain_yaml
from bot.errors import PhraseError
from bot.folder.reading import MAX_BYTES
from bot.replies.finding import GARBLED, garbled_line
from bot.understanding.phrases import AFTER, NOT_THOSE, PhraseFile, variants
from bot.understanding.words import KINDS

PATTERN = "intents/*/*.yaml"
"""Where they stand in a shop's folder."""


def read_phrase_file(path: Path, text: str) -> PhraseFile:
    """A phrase file; PhraseError says which line is wrong and how to mend it."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise PhraseError(f"{path}: larger than {MAX_BYTES // 1024} KiB; split the intent")
    if line := garbled_line(text):
        raise PhraseError(f"{path}:{line}: {GARBLED}")
    node, data = _parsed(path, text)
    lines = _line_numbers(node)
    if not isinstance(data, dict) or not isinstance(data.get("phrases"), list):
        raise PhraseError(f"{path}:1: must hold a list `phrases:`")
    if unknown := set(data) - {"phrases", "slots", "words"}:
        raise PhraseError(
            f"{path}:{lines.get(next(iter(unknown)), 1)}: unknown key {unknown.pop()!r}; "
            "there are `phrases`, `slots` and `words`"
        )
    phrases = tuple(_phrase(path, lines, item) for item in data["phrases"])
    slots = _slots(path, lines, data.get("slots") or {})
    words = _small_words(path, lines, data.get("words") or {})
    return PhraseFile(path.parent.name, path.stem, phrases, slots, words)


def _parsed(path: Path, text: str) -> tuple[yaml.Node | None, Any]:
    """The file's tree, and what it holds."""
    try:
        node = plain_yaml.compose(text)
        return node, plain_yaml.construct(node)
    except plain_yaml.Unreadable as error:
        raise PhraseError(f"{path}:{error.line}: {error}") from None


def _line_numbers(node: yaml.Node | None) -> dict[str, int]:
    """Scalar to the line it first stands in."""
    lines: dict[str, int] = {}
    for scalar in plain_yaml.nodes(node, yaml.ScalarNode):
        lines.setdefault(scalar.value, scalar.start_mark.line + 1)
    return lines


def _phrase(path: Path, lines: dict[str, int], item: Any) -> str:
    if not isinstance(item, str):
        raise PhraseError(
            f"{path}: {item!r} is read as {type(item).__name__}, not as words; put it in quotes"
        )
    try:
        variants(item)
    except PhraseError as error:
        raise PhraseError(f"{path}:{lines.get(item, 1)}: {error}") from None
    return item


def _slots(path: Path, lines: dict[str, int], data: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(data, dict) or not all(isinstance(values, dict) for values in data.values()):
        raise PhraseError(
            f"{path}:{lines.get('slots', 1)}: `slots:` maps a slot to its values, a value to its words"
        )
    for slot, values in data.items():
        _announces(path, lines, str(slot), values)
    return {
        str(slot): {_value(path, value): _words(path, lines, words) for value, words in values.items()}
        for slot, values in data.items()
    }


def _announces(path: Path, lines: dict[str, int], slot: str, values: dict[Any, Any]) -> None:
    """What follows some words is the value of a slot, or it has values of its own: not both."""
    others = [value for value in values if value not in (AFTER, NOT_THOSE)]
    if AFTER in values and others:
        line = lines.get(str(others[0]), 1)
        raise PhraseError(
            f"{path}:{line}: {slot!r} is told by what follows the words under `{AFTER}`, so {others[0]!r} can't be"
            f' a value of it; leave it out. Beside `{AFTER}` there is only "{NOT_THOSE}", for longer words that tell none'
        )


def _small_words(path: Path, lines: dict[str, int], data: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(data, dict):
        raise PhraseError(f"{path}:{lines.get('words', 1)}: `words:` maps {', '.join(KINDS)} to their words")
    if unknown := [kind for kind in data if kind not in KINDS]:
        line = lines.get(str(unknown[0]), 1)
        raise PhraseError(f"{path}:{line}: unknown words {unknown[0]!r}; there are {', '.join(KINDS)}")
    return {kind: _words(path, lines, words) for kind, words in data.items()}


def _value(path: Path, value: Any) -> str:
    if not isinstance(value, str):
        raise PhraseError(f'{path}: slot value {value!r} must be in quotes, such as "yes"')
    return value


def _words(path: Path, lines: dict[str, int], words: Any) -> tuple[str, ...]:
    if not isinstance(words, list):
        raise PhraseError(f"{path}: {words!r} must be a list of words")
    return tuple(_phrase(path, lines, word) for word in words)
