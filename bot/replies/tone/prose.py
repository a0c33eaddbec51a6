"""What a template says in its own words, and in which of its cases."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.tags import plain
from bot.replies import syntax
from bot.replies.source import Wording
from bot.replies.tone.phrases import BREAK, VALUE, fold

Says = Callable[[list[nodes.Output]], bool]
"""Whether outputs that are shown one after the other say something."""


@dataclass(frozen=True, slots=True)
class Prose:
    """The words of a template or of a line, folded, with the lines of the file they stand in."""

    text: str
    starts: tuple[int, ...]
    """Where each piece begins."""
    lines: tuple[int, ...]
    """The line each piece begins in."""

    def line(self, at: int) -> int:
        """The file's line of a place in the text."""
        piece = max(0, bisect_right(self.starts, at) - 1)
        return self.lines[piece] + self.text.count("\n", self.starts[piece], at)


def parsed(environment: ImmutableSandboxedEnvironment, wording: Wording) -> nodes.Template | None:
    """The piece's tree; None when it can't be used, which is told elsewhere."""
    try:
        tree = environment.parse(wording.padded)
        return None if syntax.complaints(tree) else tree
    except (TemplateSyntaxError, RecursionError, SyntaxError, ValueError, OverflowError, MemoryError):
        return None


def first_line(tree: nodes.Template) -> int:
    """The line of the first words; where there are none, the first."""
    for line, text in _pieces(tree.body):
        words = text.lstrip(BREAK + " \n")
        if words:
            return line + text[: len(text) - len(words)].count("\n")
    return 1


def prose(tree: nodes.Template) -> Prose:
    """All words of a template, case after case."""
    return gathered(_pieces(tree.body))


def gathered(pieces: Iterator[tuple[int, str]]) -> Prose:
    """Pieces of text, each with its line, as one."""
    texts, starts, lines, length = [], [], [], 0
    for line, text in pieces:
        folded = fold(text)
        texts.append(folded)
        starts.append(length)
        lines.append(line)
        length += len(folded)
    return Prose("".join(texts), tuple(starts) or (0,), tuple(lines) or (1,))


def _pieces(body: list[nodes.Node]) -> Iterator[tuple[int, str]]:
    for node in body:
        if isinstance(node, nodes.Output):
            yield from _shown(node)
        elif isinstance(node, nodes.If):
            for branch in (node.body, *(other.body for other in node.elif_), node.else_):
                yield from _pieces(branch)
                yield node.lineno, BREAK
        elif isinstance(node, nodes.For):
            yield from _pieces(node.body)
            yield node.lineno, BREAK
            yield from _pieces(node.else_)


def _shown(output: nodes.Output) -> Iterator[tuple[int, str]]:
    for node in output.nodes:
        if isinstance(node, nodes.TemplateData):
            yield node.lineno, _read(node.data)
        else:
            yield node.lineno, VALUE + " ".join(_texts(node)) + VALUE


def _read(data: str) -> str:
    """The text as it is read, on as many lines as it is written."""
    return "\n".join(plain(line).replace("\n", " ") for line in data.split("\n"))


def _texts(node: nodes.Node) -> Iterator[str]:
    """Words written inside ``{{ }}``: ``"a" if x else "b"``, ``plural("day", "days")``."""
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.Filter(name="word", node=nodes.Expr() as given):
            yield from _texts(given) if not isinstance(given, nodes.Const) else ()
        case nodes.CondExpr():
            yield from _texts(node.expr1)
            yield from _texts(node.expr2) if node.expr2 else ()
        case nodes.Filter():
            for child in node.iter_child_nodes():
                yield from _texts(child)


def words_of(outputs: list[nodes.Output]) -> str:
    """What such outputs say, folded."""
    return gathered(piece for output in outputs for piece in _shown(output)).text


# -- in which cases -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """Whether something is said."""

    ever: bool
    """In at least one case."""
    unless: int = 0
    """The line of the condition under which it is not; 0 when it is said always or never."""

    @property
    def always(self) -> bool:
        """In every case."""
        return self.ever and not self.unless


NEVER = Told(ever=False)


def told(body: list[nodes.Node], says: Says) -> Told:
    """Whether a template says something, whatever its values."""
    found, run = NEVER, []
    for node in body:
        if isinstance(node, nodes.Output):
            run.append(node)
            continue
        found, run = _either(found, Told(says(run)) if run else NEVER), []
        found = _either(found, _in_cases(node, says))
    return _either(found, Told(says(run)) if run else NEVER)


def _in_cases(node: nodes.Node, says: Says) -> Told:
    if isinstance(node, nodes.If):
        cases = [told(branch, says) for branch in (node.body, *(o.body for o in node.elif_), node.else_)]
        return _all_of(cases, node.lineno)
    if isinstance(node, nodes.For):
        return _all_of([told(branch, says) for branch in (node.body, node.else_) if branch], node.lineno)
    return NEVER


def _all_of(cases: list[Told], line: int) -> Told:
    if not any(case.ever for case in cases):
        return NEVER
    gaps = (case.unless if case.ever else line for case in cases if not case.always)
    return Told(ever=True, unless=next(gaps, 0))


def _either(one: Told, other: Told) -> Told:
    return max(one, other, key=lambda case: (case.always, case.ever))
