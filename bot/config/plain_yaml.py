"""YAML as people write lists of words: the tree with its lines, and what it holds, without references.

References (& and *) have no use there, and a few lines of them can grow without end. Neither has deep nesting, which
overflows the stack of the quick loader in C and takes the one in Python minutes.
"""

from __future__ import annotations

from typing import Any

import yaml

_DEEPEST = 50
"""Brackets that may be open at once; nesting by indentation is bounded by the size of the file."""
_QUICK: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlainLoader(yaml.SafeLoader):
    """The loader in Python, whose marks point at every character. Refuses references where they stand."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """One node; `yaml.MarkedYAMLError` for a reference."""
        if self.check_event(yaml.AliasEvent):
            at = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _refused("& and * references are not taken", at)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def compose(text: str) -> yaml.Node | None:
    """A file's tree, read quickly, its marks good for lines; `yaml.MarkedYAMLError` for what is no YAML, with the place."""
    _check_depth(text)
    for event in yaml.parse(text, _QUICK):
        if isinstance(event, yaml.AliasEvent):
            raise _refused("& and * references are not taken", event.start_mark)
    node: yaml.Node | None = yaml.compose(text, _QUICK)
    return node


def construct(node: yaml.Node | None) -> Any:
    """What a tree holds: lists, mappings, texts, numbers."""
    return yaml.SafeLoader("").construct_document(node) if node else None


def _check_depth(text: str) -> None:
    """Refuse too many brackets open at once, those inside words included."""
    depth = line = 0
    for char in text:
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth = max(depth - 1, 0)
        elif char == "\n":
            line += 1
        if depth > _DEEPEST:
            raise _refused("brackets are nested too deeply", yaml.Mark("", 0, line, 0, None, 0))


def _refused(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
