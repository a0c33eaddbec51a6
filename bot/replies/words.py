"""``replies/<lang>/words.yaml``: how each value that templates show is worded. Every entry is text, even ``yes`` and ``1``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import yaml
from babel.dates import format_datetime

from bot.config import plain_yaml
from bot.replies.finding import GARBLED, Finding, Severity, garbled_line, nearest
from bot.replies.tongue import ENUMS, FORMATS

OPEN_GROUPS = ("carrier", "language", "page", "dossier")
"""Groups whose keys are not known to the code that checks them."""


@dataclass(frozen=True, slots=True)
class Wordlist:
    """One language's words file."""

    path: str
    content: str
    groups: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, int]
    """Group to the line it begins in."""


def required(commands: frozenset[str], staff_commands: frozenset[str]) -> dict[str, frozenset[str]]:
    """Group to the keys each language must word."""
    return {
        **{group: frozenset(str(member.value) for member in enum) for group, enum in ENUMS.items()},
        "format": frozenset(FORMATS),
        "command": commands,
        "staff_command": staff_commands,
        **{group: frozenset[str]() for group in OPEN_GROUPS},
    }


def read(path: str, content: str) -> tuple[Wordlist | None, list[Finding]]:
    """The file's groups; none when it can't be read at all."""
    if line := garbled_line(content):
        return None, [Finding(path, line, Severity.ERROR, GARBLED)]
    try:
        root = plain_yaml.compose(content)
    except plain_yaml.Unreadable as error:
        return None, [Finding(path, error.line, Severity.ERROR, str(error))]
    return _Reader(path, content).read(root)


class _Reader:
    """Reads the tree of one file."""

    def __init__(self, path: str, content: str) -> None:
        self.path, self.content = path, content
        self.findings: list[Finding] = []

    def read(self, root: yaml.Node | None) -> tuple[Wordlist | None, list[Finding]]:
        groups, lines = {}, {}
        for name, line, node in self._pairs(root, 1):
            groups[name] = dict(self._words(node, line))
            lines[name] = line
        self._check_formats(groups.get("format", {}), lines.get("format", 1))
        made = Wordlist(self.path, self.content, groups, lines)
        return (None if self.findings else made), self.findings

    def _pairs(self, node: yaml.Node | None, line: int) -> Iterator[tuple[str, int, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._wrong(line, "write `name: words` lines here, indented under a group such as `state:`")
            return
        for key, value in node.value:
            at = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode):
                yield key.value, at, value
            else:
                self._wrong(at, "a name is one word")

    def _words(self, group: yaml.Node, line: int) -> Iterator[tuple[str, str]]:
        if isinstance(group, yaml.ScalarNode) and not group.value.strip():
            return  # a group nobody has filled yet
        for key, at, value in self._pairs(group, line):
            if isinstance(value, yaml.ScalarNode) and value.value.strip():
                yield key, value.value.strip()
            else:
                self._wrong(at, f"{key!r} needs its words on the same line")

    def _check_formats(self, formats: Mapping[str, str], line: int) -> None:
        for key, pattern in formats.items():
            try:
                format_datetime(datetime(2026, 11, 25, 14, 30, tzinfo=UTC), pattern)
            except (ValueError, KeyError, AttributeError) as error:
                self._wrong(line, f"format {key!r} is no day pattern ({error}); write it like d MMM, HH:mm")

    def _wrong(self, line: int, message: str) -> None:
        self.findings.append(Finding(self.path, line, Severity.ERROR, message))


def gaps(words: Wordlist, keys: Mapping[str, frozenset[str]]) -> list[Finding]:
    """Groups and keys that are missing, and those nobody asks for."""
    found = []
    for group, wanted in keys.items():
        if group not in words.groups:
            message = f"the group {group!r} is missing; add `{group}:` with its words"
            found.append(Finding(words.path, 1, Severity.ERROR, message))
            continue
        line, there = words.lines[group], words.groups[group]
        found += [
            Finding(words.path, line, Severity.ERROR, f"{group}: {key!r} has no words; add `{key}: …`")
            for key in sorted(wanted - there.keys())
        ]
        extra = sorted(there.keys() - wanted) if group not in OPEN_GROUPS else ()
        found += [
            Finding(
                words.path, line, Severity.WARNING, f"{group}: nobody asks for {key!r}{nearest(key, wanted)}"
            )
            for key in extra
        ]
    found += [
        Finding(
            words.path,
            words.lines[group],
            Severity.WARNING,
            f"nobody asks for the group {group!r}{nearest(group, keys)}",
        )
        for group in words.groups
        if group not in keys
    ]
    return found
