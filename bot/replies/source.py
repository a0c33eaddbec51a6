"""A template file taken apart: the text, then ``---``, then one ``label: wording`` line a button."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.replies.finding import GARBLED, Finding, Severity, garbled_line

MAX_SOURCE = 16_384
"""Characters; a reply is read on a phone."""

_LABEL = re.compile(r"(?P<label>[a-z][a-z0-9_]*)\s*:\s*(?P<wording>\S.*)")
_TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TAG_AT_END = re.compile(r"(?<![-+])(?P<end>[%#]\})\s*$")


@dataclass(frozen=True, slots=True)
class Wording:
    """A piece of a file that is a template of its own."""

    line: int
    text: str

    @property
    def padded(self) -> str:
        """The piece with as many empty lines before it as the file has, so that errors name the file's line."""
        return "\n" * (self.line - 1) + self.text


@dataclass(frozen=True, slots=True)
class Source:
    """The pieces of one file."""

    path: str
    text: Wording
    labels: dict[str, Wording]


def take_apart(path: str, content: str) -> tuple[Source, list[Finding]]:
    """The file's pieces, and what is wrong with its outline."""
    findings = []
    if len(content) > MAX_SOURCE:
        message = (
            f"the file has {len(content)} characters, more than {MAX_SOURCE}; a reply should fit on a phone"
        )
        findings.append(Finding(path, 1, Severity.ERROR, message))
        content = ""
    if garbled := garbled_line(content):
        findings.append(Finding(path, garbled, Severity.ERROR, GARBLED))
    lines = content.replace("\r\n", "\n").lstrip("\ufeff").split("\n")
    end = next((index for index, line in enumerate(lines) if line.rstrip() == "---"), len(lines))
    text = Wording(1, "\n".join(keep_line_end(line) for line in lines[:end]))
    labels: dict[str, Wording] = {}
    below = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), "\n".join(lines[end + 1 :]))
    for number, line in enumerate(below.split("\n"), end + 2):
        if not line.strip():
            continue
        found = _LABEL.fullmatch(line.strip())
        if not found:
            message = "below --- each line is a button: write it as `label: wording`"
            findings.append(Finding(path, number, Severity.ERROR, message))
        elif found["label"] in labels:
            message = f"the button {found['label']!r} is worded twice; keep one"
            findings.append(Finding(path, number, Severity.ERROR, message))
        else:
            labels[found["label"]] = Wording(number, found["wording"])
    return Source(path, text, labels), findings


def keep_line_end(line: str) -> str:
    """A line of tags alone leaves no empty line behind; a tag at the end of a line with words keeps its line end.

    Jinja's `trim_blocks` would swallow the second kind too, and glue the next line on.
    """
    if not _TAGS.sub("", line).strip():
        return line
    return _TAG_AT_END.sub(r"+\g<end>", line)
