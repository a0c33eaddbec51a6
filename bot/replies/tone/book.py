"""``replies/<lang>/tone.yaml``: which words of a language greet, apologise, thank, name a step; and what it never says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from bot.config import plain_yaml
from bot.domain.replies import Tone
from bot.replies.finding import GARBLED, Finding, Severity, garbled_line, nearest
from bot.replies.tone.phrases import Phrase, phrase

MAX_SOURCE = 65_536
"""Characters of a file."""
MAX_ENTRIES = 600
"""Of all lists of a file."""

SAYS = {tone.name.lower(): tone for tone in Tone if tone.name}
"""A list's name to what its words say."""
_RULE = ("why", "instead", "words", "unless")
_NUMBERS = ("why", "instead", "words", "time", "money", "unless")
_SECTIONS = ("says", "not", "never", "numbers")


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that are not for buyers."""

    name: str
    why: str = ""
    instead: str = ""
    lists: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """List name to entries; ``unless`` are longer wordings in which the words are fine."""

    def __getitem__(self, name: str) -> tuple[Phrase, ...]:
        return self.lists.get(name, ())


@dataclass(frozen=True, slots=True)
class Book:
    """One language's file."""

    path: str
    says: Mapping[Tone, tuple[Phrase, ...]]
    negations: tuple[Phrase, ...]
    never: tuple[Rule, ...]
    numbers: Rule


def read(path: str, content: str) -> tuple[Book | None, list[Finding]]:
    """The file's lists; none when it can't be read at all. What is wrong keeps nobody from being served."""
    if len(content) > MAX_SOURCE:
        message = f"the file has more than {MAX_SOURCE} characters; keep the words that matter"
        return None, [Finding(path, 1, Severity.WARNING, message)]
    if line := garbled_line(content):
        return None, [Finding(path, line, Severity.WARNING, GARBLED)]
    try:
        root = plain_yaml.compose(content)
    except plain_yaml.Unreadable as error:
        return None, [Finding(path, error.line, Severity.WARNING, str(error))]
    return _Reader(path).book(root)


class _Reader:
    """Reads the tree of one file, noting what is wrong."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.left = MAX_ENTRIES

    def book(self, root: yaml.Node | None) -> tuple[Book, list[Finding]]:
        parts = dict(self.named(root, 1, _SECTIONS))
        says = {SAYS[name]: self.entries(node) for name, node in self.section(parts, "says", tuple(SAYS))}
        negations = self.entries(parts["not"]) if "not" in parts else ()
        never = [self.rule(name, node, _RULE) for name, node in self.section(parts, "never", ())]
        numbers = self.rule("numbers", parts["numbers"], _NUMBERS) if "numbers" in parts else Rule("numbers")
        for name, tone in SAYS.items():
            if not says.get(tone):
                self.wrong(
                    1, f"no words for {name!r}; list under `says:` `{name}:` how this language puts it"
                )
        return Book(self.path, says, negations, tuple(never), numbers), self.findings

    def section(
        self, parts: Mapping[str, yaml.Node], name: str, known: tuple[str, ...]
    ) -> Iterator[tuple[str, yaml.Node]]:
        if name in parts:
            yield from self.named(parts[name], parts[name].start_mark.line + 1, known)

    def named(
        self, node: yaml.Node | None, line: int, known: tuple[str, ...]
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Name to what stands under it; all names are fine where none are known."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(line, f"write `name:` lines here{nearest('', known)}")
            return
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name and (not known or name in known):
                yield name, value
            else:
                self.wrong(key.start_mark.line + 1, f"there is no {name!r} here{nearest(name, known)}")

    def rule(self, name: str, node: yaml.Node, known: tuple[str, ...]) -> Rule:
        parts = dict(self.named(node, node.start_mark.line + 1, known))
        told = {key: self.text(parts.pop(key)) for key in ("why", "instead") if key in parts}
        for key in {"why", "instead"} - told.keys():
            self.wrong(node.start_mark.line + 1, f"{name!r} has no `{key}:`; owners want to know")
        lists = {key: self.entries(value) for key, value in parts.items()}
        return Rule(name, told.get("why", ""), told.get("instead", ""), lists)

    def text(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return " ".join(node.value.split())
        self.wrong(node.start_mark.line + 1, "write one sentence here")
        return ""

    def entries(self, node: yaml.Node) -> tuple[Phrase, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node.start_mark.line + 1, "write a list here: [sorry, apologies]")
            return ()
        return tuple(self.entry(item) for item in node.value if self.fine(item))

    def fine(self, item: yaml.Node) -> bool:
        line = item.start_mark.line + 1
        self.left -= 1
        if self.left < 0:
            if self.left == -1:
                self.wrong(line, f"more than {MAX_ENTRIES} entries; what comes after is not looked for")
            return False
        try:
            self.entry(item)
        except ValueError as error:
            told = repr(item.value[:20]) if isinstance(item, yaml.ScalarNode) else "this entry"
            self.wrong(line, f"{told} {error}")
            return False
        return True

    @staticmethod
    def entry(item: yaml.Node) -> Phrase:
        if not isinstance(item, yaml.ScalarNode):
            raise ValueError("is no word; put words with : or # in quotes")  # noqa: TRY004 -- told like the others
        return phrase(item.value)

    def wrong(self, line: int, message: str) -> None:
        self.findings.append(Finding(self.path, line, Severity.WARNING, message))
