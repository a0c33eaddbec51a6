"""Reading a template against the declared types of its values: ``order.trackng`` is found before a buyer finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum

from jinja2 import nodes

from bot.replies.filters import FILTERS
from bot.replies.finding import nearest
from bot.replies.markup import tags_in
from bot.replies.shapes import ANYTHING, Loop, Shape, attributes_of, mend_for, shape_of
from bot.replies.syntax import Complaint

Scope = dict[str, Shape]
Sure = frozenset[str]
"""Paths such as ``order.paid_at`` that a surrounding `if` has found to be there."""

_NOTHING: Sure = frozenset()


EVERY_PART = "*"
"""Among the names a template reads: it compares a value as a whole, and so reads all its parts."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk over a template showed."""

    complaints: list[Complaint]
    """All that doesn't fit the values' types, and for a text all that is wrong with its tags."""
    reads: frozenset[str]
    """The names of all values, and of all parts of values, that it may read."""


def walked(tree: nodes.Template, values: Mapping[str, object], *, markup: bool) -> Walked:
    """Walk over the whole template, whatever its values would choose of it."""
    walk = _Walk()
    walk.body(tree.body, {name: shape_of(hint) for name, hint in values.items()}, _NOTHING)
    return Walked(walk.found + (list(_tags(tree.body)) if markup else []), frozenset(walk.reads))


def path(node: nodes.Node) -> str:
    """A value's name as the template writes it; empty for anything that is not just a value."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr() if base := path(node.node):
            return f"{base}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=index)) if base := path(node.node):
            return f"{base}[{index}]"
    return ""


class _Walk:
    """One walk over one tree."""

    def __init__(self) -> None:
        self.found: list[Complaint] = []
        self.reads: set[str] = set()

    def body(self, body: list[nodes.Node], scope: Scope, sure: Sure) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self.shown(part, scope, sure)
                case nodes.If():
                    self.branches(node, scope, sure)
                case nodes.For():
                    self.loop(node, scope, sure)
                case nodes.Assign(target=nodes.Name(name=name)):
                    scope[name] = self.shape(node.node, scope, sure)

    def branches(self, node: nodes.If, scope: Scope, sure: Sure) -> None:
        for branch in (node, *node.elif_):
            self.shape(branch.test, scope, sure)
            self.body(branch.body, dict(scope), sure | there(branch.test, True))
            sure |= there(branch.test, False)
        self.body(node.else_, dict(scope), sure)

    def loop(self, node: nodes.For, scope: Scope, sure: Sure) -> None:
        values = self.present(node.iter, scope, sure)
        if values.known and values.kind is not tuple:
            self.complain(node, f"{path(node.iter)!r} is not a list; there is nothing to loop over")
        item = shape_of(values.item) if values.kind is tuple else ANYTHING
        inside = {**scope, path(node.target): item, "loop": Shape(Loop)}
        if node.test is not None:
            self.shape(node.test, inside, sure)
            sure |= there(node.test, True)
        self.body(node.body, inside, sure)
        self.body(node.else_, dict(scope), sure)

    def shown(self, node: nodes.Node, scope: Scope, sure: Sure) -> None:
        """An expression whose value the reader sees."""
        if isinstance(node, nodes.TemplateData):
            return
        if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
            self.shape(node.test, scope, sure)
            self.shown(node.expr1, scope, sure | there(node.test, True))
            self.shown(node.expr2, scope, sure | there(node.test, False))
            return
        shape, name = self.present(node, scope, sure), path(node) or "value"
        if shape.masked_only:
            self.complain(
                node, f"{name!r} proves whose order it is and is never shown; write {{{{ {name}|mask }}}}"
            )
        elif mend := mend_for(shape, name):
            self.complain(node, f"{name!r} can't be shown as it is; {mend}")

    def present(self, node: nodes.Node, scope: Scope, sure: Sure) -> Shape:
        """The shape of a value that has to be there."""
        shape = self.shape(node, scope, sure)
        if shape.optional:
            name = path(node)
            self.complain(node, f"{name!r} may be missing; put it inside {{% if {name} %}} … {{% endif %}}")
        return shape.certain()

    def shape(self, node: nodes.Node, scope: Scope, sure: Sure) -> Shape:
        """The shape of any expression; what is wrong inside it is noted on the way."""
        match node:
            case nodes.Name():
                return self.named(node, scope, sure)
            case nodes.Getattr():
                return self.attribute(node, scope, sure)
            case nodes.Getitem():
                return self.item(node, scope, sure)
            case nodes.Filter(node=nodes.Expr() as given):
                return self.filtered(node, self.present(given, scope, sure))
            case nodes.Const():
                return Shape(type(node.value))
            case nodes.CondExpr(expr2=nodes.Expr() as otherwise):
                self.shape(node.test, scope, sure)
                first = self.shape(node.expr1, scope, sure | there(node.test, True))
                second = self.shape(otherwise, scope, sure | there(node.test, False))
                return first if first.kind is second.kind else ANYTHING
            case nodes.Add() | nodes.Sub():
                self.present(node.left, scope, sure)
                self.present(node.right, scope, sure)
                return Shape(int)
        return self.truth(node, scope, sure)

    def truth(self, node: nodes.Node, scope: Scope, sure: Sure) -> Shape:
        """The shape of what is true or false."""
        match node:
            case nodes.Compare():
                self.compared(node, scope, sure)
            case nodes.And() | nodes.Or():
                self.shape(node.left, scope, sure)
                self.shape(node.right, scope, sure | there(node.left, isinstance(node, nodes.And)))
            case nodes.Not() | nodes.Test():
                self.shape(node.node, scope, sure)
            case _:
                return ANYTHING
        return Shape(bool)

    def named(self, node: nodes.Name, scope: Scope, sure: Sure) -> Shape:
        self.reads.add(node.name)
        if node.name not in scope:
            self.complain(node, f"this reply has no value {node.name!r}{nearest(node.name, scope)}")
            return ANYTHING
        found = scope[node.name]
        return found.certain() if node.name in sure else found

    def attribute(self, node: nodes.Getattr, scope: Scope, sure: Sure) -> Shape:
        self.reads.add(node.attr)
        base = self.present(node.node, scope, sure)
        if not base.known:
            return ANYTHING
        parts = attributes_of(base.kind)
        if node.attr not in parts:
            name = path(node.node) or "this"
            self.complain(node, f"{name!r} has no {node.attr!r}{nearest(node.attr, parts)}")
            return ANYTHING
        found = parts[node.attr]
        return found.certain() if path(node) in sure else found

    def item(self, node: nodes.Getitem, scope: Scope, sure: Sure) -> Shape:
        base = self.present(node.node, scope, sure)
        if base.known and base.kind is not tuple:
            self.complain(node, f"{path(node.node)!r} is not a list; it has no items")
            return ANYTHING
        if isinstance(node.arg, nodes.Slice):
            return base
        return shape_of(base.item) if base.known else ANYTHING

    def filtered(self, node: nodes.Filter, given: Shape) -> Shape:
        spec, name = FILTERS[node.name], path(node.node) if node.node else ""
        if given.known and (given.kind is bool or not issubclass(given.kind, spec.takes)):
            mend = mend_for(given, name or "value")
            self.complain(node, f"the filter {node.name!r} is not for this value{'; ' if mend else ''}{mend}")
        elif node.name == "word" and given.kind is str and not node.args:
            self.complain(node, 'say which words: |word("carrier")')
        return Shape(spec.gives)

    def compared(self, node: nodes.Compare, scope: Scope, sure: Sure) -> None:
        """A comparison with a word that the value can never be."""
        left = self.shape(node.expr, scope, sure)
        for operand in node.ops:
            right = operand.expr
            options = right.items if isinstance(right, (nodes.Tuple, nodes.List)) else [right]
            for option in options:
                if not isinstance(option, nodes.Const):
                    self.together(left, self.shape(option, scope, sure))
                elif isinstance(left.kind, type) and issubclass(left.kind, Enum):
                    known = [str(member.value) for member in left.kind]
                    if option.value is not None and option.value not in known:
                        hint = nearest(str(option.value), known)
                        self.complain(node, f"{path(node.expr)!r} is never {option.value!r}{hint}")

    def together(self, *compared: Shape) -> None:
        """Two values that are compared with each other."""
        if any(not shape.known or shape.kind is tuple or is_dataclass(shape.kind) for shape in compared):
            self.reads.add(EVERY_PART)

    def complain(self, node: nodes.Node, message: str) -> None:
        if (node.lineno, message) not in self.found:
            self.found.append((node.lineno, message))


def there(test: nodes.Node, holds: bool) -> Sure:
    """The values that are surely there when the test holds (or fails)."""
    match test:
        case nodes.Not():
            return there(test.node, not holds)
        case nodes.And() if holds:
            return there(test.left, True) | there(test.right, True)
        case nodes.Or() if not holds:
            return there(test.left, False) | there(test.right, False)
        case nodes.Test(name="none") if not holds:
            return frozenset({path(test.node)})
        case nodes.Compare() if (
            holds and isinstance(test.ops[0].expr, nodes.Const) and test.ops[0].op == "eq"
        ):
            return frozenset({path(test.expr)})
        case nodes.Name() | nodes.Getattr() | nodes.Getitem() if holds:
            return frozenset({path(test)})
    return _NOTHING


def _tags(body: list[nodes.Node]) -> Iterator[Complaint]:
    """Tags that are not allowed, and tags not closed in the block that opened them."""
    stack: list[tuple[str, int]] = []
    for line, name, closes, wrong in _literal_tags(body):
        if wrong:
            yield line, wrong
        elif not closes:
            stack.append((name, line))
        elif stack and stack[-1][0] == name:
            stack.pop()
        else:
            opened = f"; <{stack[-1][0]}> has to be closed first" if stack else ""
            yield line, f"</{name}> closes nothing that was opened in the same block{opened}"
    yield from (
        (line, f"<{name}> is not closed in the block that opens it; add </{name}>") for name, line in stack
    )
    for node in body:
        for block in _blocks(node):
            yield from _tags(block)


def _literal_tags(body: list[nodes.Node]) -> Iterator[tuple[int, str, bool, str]]:
    for node in body:
        for part in node.nodes if isinstance(node, nodes.Output) else ():
            if isinstance(part, nodes.TemplateData):
                for tag in tags_in(part.data):
                    yield part.lineno + part.data.count("\n", 0, tag.at), tag.name, tag.closes, tag.wrong


def _blocks(node: nodes.Node) -> Iterator[list[nodes.Node]]:
    if isinstance(node, nodes.If):
        yield from (branch.body for branch in (node, *node.elif_))
        yield node.else_
    elif isinstance(node, nodes.For):
        yield node.body
        yield node.else_
