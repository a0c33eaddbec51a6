"""YAML as people write lists of words: the tree with its lines, and what it holds, without references.

References (& and *) have no use there, and a few lines of them can grow without end. Neither has deep nesting, which
overflows the stack of the quick loader in C: so the depth is counted over the parser's events, before any tree is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import yaml

from bot.config.yaml_mends import line_of, mend_of

N = TypeVar("N", bound=yaml.Node)
_DEEPEST = 50
"""Lists and mappings that may stand in each other."""
QUICK: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C, where there is one."""


class Unreadable(ValueError):
    """A text that is no plain YAML: what is wrong and how to mend it."""

    def __init__(self, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{problem}; {mend}")
        self.line = line
        """Counted from 1."""


def compose(text: str) -> yaml.Node | None:
    """A file's tree, read quickly, its marks good for lines."""
    try:
        _check_events(text)
        node: yaml.Node | None = yaml.compose(text, QUICK)
    except yaml.MarkedYAMLError as error:
        line = line_of(error)
        raise Unreadable(line, str(error.problem or error.context), mend_of(text, line)) from None
    except yaml.reader.ReaderError as error:
        raise _unprintable(text, error) from None
    _check_keys(node)
    return node


def construct(node: yaml.Node | None) -> Any:
    """What a tree holds: lists, mappings, texts, numbers."""
    try:
        return yaml.SafeLoader("").construct_document(node) if node else None
    except (yaml.MarkedYAMLError, ValueError, OverflowError) as error:
        at = next(_unmade(node), node)
        told = repr(at.value) if isinstance(at, yaml.ScalarNode) else "this"
        problem = error.problem if isinstance(error, yaml.MarkedYAMLError) else error
        line = at.start_mark.line + 1 if at else 1
        raise Unreadable(line, f"{told} can't be read: {problem}", "put it in quotes") from None


def nodes(root: yaml.Node | None, kind: type[N]) -> Iterator[N]:
    """All nodes of a kind, in the order they stand in."""
    stack = [root] if root else []
    while stack:
        at = stack.pop()
        if isinstance(at, kind):
            yield at
        if isinstance(at, yaml.MappingNode):
            stack += [part for pair in reversed(at.value) for part in reversed(pair)]
        elif isinstance(at, yaml.SequenceNode):
            stack += reversed(at.value)


def _check_events(text: str) -> None:
    """Refuse what no list of words needs."""
    depth = documents = 0
    for event in yaml.parse(text, QUICK):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise _refused(
                event, "& and * references are not taken", "write the words out, or put them in quotes"
            )
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > _DEEPEST:
            raise _refused(event, "lists are nested too deeply", "write one list, a line each")
        if documents > 1:
            raise _refused(event, "a second document begins", "take out the line ---")


def _check_keys(node: yaml.Node | None) -> None:
    """Refuse a name that stands twice: the second would silently take the first one's place."""
    for mapping in nodes(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, _ in mapping.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in first:
                problem = f"{key.value!r} stands here twice, first on line {first[key.value]}"
                raise Unreadable(key.start_mark.line + 1, problem, "keep one")
            first[key.value] = key.start_mark.line + 1


def _unmade(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """The scalars that mean nothing, such as a date of the thirteenth month."""
    for scalar in nodes(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(scalar)
        except (yaml.MarkedYAMLError, ValueError, OverflowError):
            yield scalar


def _unprintable(text: str, error: yaml.reader.ReaderError) -> Unreadable:
    """The C loader counts bytes, the other one characters: so the place is looked for."""
    line = text.count("\n", 0, text.find(chr(error.character))) + 1
    return Unreadable(line, f"holds a character that can't be shown (U+{error.character:04X})", "delete it")


def _refused(event: yaml.Event, problem: str, mend: str) -> Unreadable:
    return Unreadable(event.start_mark.line + 1 if event.start_mark else 1, problem, mend)
