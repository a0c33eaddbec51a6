"""What a template may be made of. Anything not listed here is refused before it is compiled.

Jinja's sandbox keeps templates away from Python's insides but not from a shop's CPU and memory: ranges, repeated
strings, format widths. So there are no calls, no ranges, no joined or multiplied strings; loops run over values only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import nodes

from bot.replies.filters import FILTERS
from bot.replies.finding import nearest

Complaint = tuple[int, str]
"""A line and what is wrong there."""

MAX_DEPTH = 40
"""Levels of the syntax tree."""
MAX_LOOPS = 3
"""Loops inside each other."""


def complaints(tree: nodes.Template) -> list[Complaint]:
    """Everything in the tree a template may not do."""
    return list(_check(tree, 1, 0, 0))


def _check(node: nodes.Node, line: int, depth: int, loops: int) -> Iterator[Complaint]:
    line = node.lineno or line
    if depth > MAX_DEPTH:
        yield line, "this is nested too deeply; say it in simpler pieces"
        return
    rule = _RULES.get(type(node))
    if rule is None:
        yield line, _REFUSED.get(type(node), f"{type(node).__name__} can't be used in a reply")
        return
    wrong = rule(node)
    if wrong:
        yield line, wrong
        return
    loops += isinstance(node, nodes.For)
    if loops > MAX_LOOPS:
        yield line, f"more than {MAX_LOOPS} loops inside each other"
        return
    for child in node.iter_child_nodes():
        yield from _check(child, line, depth + 1, loops)


def _fine(_: nodes.Node) -> str:
    return ""


def _name(node: nodes.Name) -> str:
    return _hidden(node.name)


def _attribute(node: nodes.Getattr) -> str:
    return _hidden(node.attr)


def _hidden(name: str) -> str:
    return f"{name!r}: names that begin with _ are not for templates" if name.startswith("_") else ""


def _item(node: nodes.Getitem) -> str:
    parts = (
        [node.arg.start, node.arg.stop, node.arg.step] if isinstance(node.arg, nodes.Slice) else [node.arg]
    )
    if all(part is None or _whole_number(part) for part in parts):
        return ""
    return "in brackets only whole numbers can stand: parcels[0], events[:3]"


def _filter(node: nodes.Filter) -> str:
    spec = FILTERS.get(node.name)
    if spec is None:
        return f"there is no filter {node.name!r}{nearest(node.name, FILTERS)}"
    if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"the filter {node.name!r} is not written like that; {spec.mend or f'write value|{node.name}'}"
    given = [argument.value if isinstance(argument, nodes.Const) else None for argument in node.args]
    fits = len(spec.arguments) - spec.optional <= len(given) <= len(spec.arguments)
    if not fits or not all(type(value) is kind for value, kind in zip(given, spec.arguments, strict=False)):
        return f"the filter {node.name!r} is not written like that; {spec.mend or f'write value|{node.name}'}"
    too_short = node.name == "short" and isinstance(given[0], int) and given[0] < 2
    return "short(n) needs a number from 2 up" if too_short else ""


def _test(node: nodes.Test) -> str:
    if node.name == "none" and not node.args:
        return ""
    return f"there is no test {node.name!r}; use `is none`, or compare with =="


def _loop(node: nodes.For) -> str:
    if node.recursive or not isinstance(node.target, nodes.Name):
        return "write the loop as {% for parcel in parcels %} … {% endfor %}"
    if not isinstance(node.iter, (nodes.Name, nodes.Getattr, nodes.Getitem)):
        return "a loop runs over a value, such as order.lines or orders[:5]"
    return ""


def _set(node: nodes.Assign) -> str:
    return "" if isinstance(node.target, nodes.Name) else "write {% set name = value %}"


def _either(node: nodes.CondExpr) -> str:
    return "" if node.expr2 is not None else 'an `if` inside {{ }} needs its else: {{ "a" if x else "b" }}'


def _choices(node: nodes.Tuple | nodes.List) -> str:
    fine = len(node.items) <= 32 and all(isinstance(item, nodes.Const) for item in node.items)
    return "" if fine else 'a list may hold only fixed words: ("late", "damaged")'


def _sum(node: nodes.BinExpr) -> str:
    if _whole_number(node.left) or _whole_number(node.right):
        return ""
    return "only a fixed whole number can be added or taken away; put texts side by side instead: {{ a }} {{ b }}"


def _minus(node: nodes.Neg) -> str:
    return "" if isinstance(node.node, nodes.Const) else "a minus can only stand before a number"


def _constant(node: nodes.Const) -> str:
    if isinstance(node.value, int):
        return "" if abs(node.value) < 1_000_000 else f"{node.value} is too big a number for a reply"
    return (
        ""
        if node.value is None or isinstance(node.value, str)
        else f"{node.value!r} can't be used in a reply"
    )


def _whole_number(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Neg):
        node = node.node
    return isinstance(node, nodes.Const) and type(node.value) is int


_RULES: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Template: _fine,
    nodes.Output: _fine,
    nodes.TemplateData: _fine,
    nodes.Name: _name,
    nodes.Const: _constant,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.Slice: _fine,
    nodes.Filter: _filter,
    nodes.Test: _test,
    nodes.If: _fine,
    nodes.For: _loop,
    nodes.Assign: _set,
    nodes.CondExpr: _either,
    nodes.And: _fine,
    nodes.Or: _fine,
    nodes.Not: _fine,
    nodes.Compare: _fine,
    nodes.Operand: _fine,
    nodes.Tuple: _choices,
    nodes.List: _choices,
    nodes.Sub: _sum,
    nodes.Add: _sum,
    nodes.Neg: _minus,
}

_NO_CALLS = "nothing can be called in a reply; use a filter: {{ amount|money }}"
_NO_JOINING = "texts can't be multiplied or joined; put them side by side: {{ a }} {{ b }}"
_NO_PARTS = "a reply stands alone: no macros, blocks, imports or includes"

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Call: _NO_CALLS,
    nodes.CallBlock: _NO_CALLS,
    nodes.FilterBlock: "a filter stands inside {{ }}: {{ title|short(20) }}",
    nodes.Mul: _NO_JOINING,
    nodes.Mod: _NO_JOINING,
    nodes.Pow: _NO_JOINING,
    nodes.Concat: _NO_JOINING,
    nodes.AssignBlock: "write {% set name = value %}",
    nodes.Macro: _NO_PARTS,
    nodes.Block: _NO_PARTS,
    nodes.Extends: _NO_PARTS,
    nodes.Include: _NO_PARTS,
    nodes.Import: _NO_PARTS,
    nodes.FromImport: _NO_PARTS,
    nodes.With: "write {% set name = value %} instead of with",
    nodes.Scope: "values are always escaped; autoescape can't be turned off",
    nodes.Dict: "no dictionaries in a reply; use a filter: {{ case.state|word }}",
}
