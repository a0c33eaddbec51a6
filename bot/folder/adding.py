"""Adding a phrase to a phrase file as its owner would: one more line at the end of the list, all else left as it stands."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from bot.errors import PhraseError
from bot.folder.phrases import read_phrase_file


def with_phrase(path: Path, text: str, phrase: str) -> str:
    """The file's text with the phrase at the end of `phrases:`; PhraseError when the file can't be read, or so written
    that this can't be done."""
    before = read_phrase_file(path, text)
    after = _added(text, _list_of_phrases(text), phrase)
    if read_phrase_file(path, after).phrases != (*before.phrases, phrase):
        raise PhraseError(f"{path}: can't be added to by itself; write under `phrases:`  - {written(phrase)}")
    return after


def written(phrase: str) -> str:
    """A phrase as YAML has it: bare where that means the same, else in quotes."""
    try:
        bare = yaml.safe_load(f"- {phrase}\n- x\n") == [phrase, "x"]
    except (yaml.YAMLError, ValueError, RecursionError):
        bare = False
    return phrase if bare else json.dumps(phrase, ensure_ascii=False)


def _list_of_phrases(text: str) -> yaml.SequenceNode:
    node = yaml.compose(text, yaml.SafeLoader)  # its marks point at every character
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 -- the file was read before
    found = next(value for key, value in node.value if key.value == "phrases")
    assert isinstance(found, yaml.SequenceNode)  # noqa: S101 -- as above
    return found


def _added(text: str, phrases: yaml.SequenceNode, phrase: str) -> str:
    if phrases.flow_style or not phrases.value:
        return _added_in_brackets(text, phrases, phrase)
    end = phrases.value[-1].end_mark
    line_end = text.find("\n", end.index)
    at = end.index if end.column == 0 else line_end + 1 if line_end >= 0 else len(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text[:at] if text[:at].endswith("\n") else text[:at] + newline
    return f"{before}{' ' * phrases.start_mark.column}- {written(phrase)}{newline}{text[at:]}"


def _added_in_brackets(text: str, phrases: yaml.SequenceNode, phrase: str) -> str:
    at = phrases.end_mark.index - 1
    comma = "" if not phrases.value or text[:at].rstrip().endswith(",") else ","
    return f"{text[:at].rstrip()}{comma} {json.dumps(phrase, ensure_ascii=False)}{text[at:]}"
